package io.anymq.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.policy.RetryPolicy;
import java.io.IOException;
import java.time.Duration;

/** An application with an inbox and an outbox, or a relay, in a process that will be killed. */
public final class CrashMain {
    private CrashMain() {}

    /** Takes the role, the database's URL, user and password, the broker's URL, the point to die at, and its count. */
    public static void main(String[] args) throws IOException {
        CrashPoints points = new CrashPoints(args[5], Integer.parseInt(args[6]));
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[1]);
        config.setUsername(args[2]);
        config.setPassword(args[3]);
        config.setMaximumPoolSize(6);
        Transactions transactions = Transactions.of(points.around(new HikariDataSource(config)));
        Outbox outbox = Outbox.builder(transactions).build();
        MessagingClient client = MessagingClient.builder()
                .url(args[4])
                .interceptor(new Interceptor() {
                    @Override
                    public <T> void aroundSend(SendContext context, Message<T> message, SendChain<T> next) {
                        points.reach("before send");
                        next.send(message).whenComplete((receipt, failure) -> points.reach("confirmed"));
                        points.reach("after send");
                    }
                })
                .open();
        if (args[0].equals("relay")) {
            outbox.relay(client)
                    .pollInterval(Duration.ofMillis(20))
                    .lease(Duration.ofSeconds(1))
                    .batch(40)
                    .start();
        } else {
            handle(client, Inbox.builder(transactions).outbox(outbox).build(), points);
        }
        // ends with its parent
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(0);
    }

    private static void handle(MessagingClient client, Inbox inbox, CrashPoints points) {
        client.consumer(TransactionContract.PAYMENTS, String.class)
                .concurrency(4)
                // so that no number of crashes dead-letters anything
                .retry(RetryPolicy.fixed(10_000, Duration.ofMillis(1)))
                .start(inbox.handler((delivery, connection) -> {
                    points.reach("handler begins");
                    TransactionContract.effect(connection, delivery.id(), delivery.body());
                    points.reach("effect done");
                    delivery.publish(
                            TransactionContract.RECEIPTS,
                            Message.of(delivery.body())
                                    .withId("r-" + delivery.id())
                                    .withKey(String.valueOf(delivery.key())));
                    points.reach("output stored");
                }));
    }
}
