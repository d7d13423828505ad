package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgresql")
class PostgresTransactionIT extends TransactionContract {
    @TempDir
    static Path folder;

    @Override
    TestDatabase open() throws Exception {
        return new PostgresDatabase(folder);
    }

    @Test
    void aDatabaseThatIsReadOnlyIsTold() throws Exception {
        HikariConfig config = database().config();
        config.setConnectionInitSql("SET default_transaction_read_only = on");
        on(database().pool(config));
        MessagingException refused = failure(
                () -> inbox().<String>handler((delivery, connection) -> {}).handle(new Delivered<>("m", "x")));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refused).hasMessageContaining("read-only");
    }

    @Test
    void aCommitWakesARelayThatPollsSeldom() throws Exception {
        Transactions transactions = Transactions.of(database().pool());
        Outbox outbox = Outbox.builder(transactions).notifyRelays(true).build();
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        client().consumer(RECEIPTS, String.class)
                .start(delivery -> (delivery.key() == null ? second : first).complete(delivery.body()));
        OutboxProducer<String> producer = outbox.producer(RECEIPTS, String.class);
        try (OutboxRelay relay = outbox.relay(client())
                .pollInterval(Duration.ofMinutes(1))
                .lease(Duration.ofMinutes(10))
                .start()) {
            Awaitility.await().until(() -> database().count("pg_stat_activity WHERE query LIKE 'LISTEN%'") == 1);
            transactions.call(
                    connection -> producer.send(Message.of("with a key").withKey("k")));
            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("with a key");
            transactions.call(connection -> producer.send("without a key"));
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("without a key");
            assertThat(relay.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void serializationFailuresAreRepeated() throws Exception {
        HikariConfig config = database().config();
        config.setConnectionInitSql("SET default_transaction_isolation = 'serializable'");
        on(database().pool(config));
        countConcurrently("UPDATE counter SET n = (SELECT MAX(n) FROM counter) + 1");
    }
}
