package io.anymq.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.anymq.API;
import io.anymq.MessagingClient;
import io.anymq.spi.ConfigValues;
import java.util.concurrent.CountDownLatch;

/**
 * An {@link OutboxRelay} as a process of its own. It takes its configuration from {@code anymq.properties}, the environment
 * and system properties as every client does; {@code anymq.jdbc.url}, {@code anymq.jdbc.user} and {@code
 * anymq.jdbc.password} lead to the database. The class path needs an adapter, the database's driver and HikariCP. Ends
 * orderly when it gets SIGTERM.
 */
@API(API.Status.EXPERIMENTAL)
public final class OutboxRelayMain {
    private OutboxRelayMain() {}

    /** Relays until the process is ended; takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        MessagingClient client = MessagingClient.open();
        ConfigValues config = client.config("jdbc");
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(config.text(JdbcConfig.URL)
                .orElseThrow(() -> new IllegalArgumentException(
                        "set anymq.jdbc.url to the database of the outbox, such as jdbc:postgresql://host/database")));
        config.text(JdbcConfig.USER).ifPresent(pool::setUsername);
        config.text(JdbcConfig.PASSWORD).ifPresent(pool::setPassword);
        pool.setMaximumPoolSize(3);
        pool.setPoolName("anymq-outbox");
        // a database that is down at the start is waited for
        pool.setInitializationFailTimeout(-1);
        HikariDataSource dataSource = new HikariDataSource(pool);
        OutboxRelay relay = Outbox.builder(dataSource)
                .configured(config)
                .build()
                .relay(client)
                .configured(config)
                .start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            relay.close();
            client.close();
            dataSource.close();
            ended.countDown();
        }));
        ended.await();
    }
}
