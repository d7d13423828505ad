package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.IdempotencyStore.Claim;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the store does beyond the kit's rules: its tables, its errors, and outages, on each database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {
    static final Duration LONG = Duration.ofHours(1);

    private TestDatabase database;

    abstract TestDatabase open() throws Exception;

    final TestDatabase database() {
        return database;
    }

    @BeforeAll
    void start() throws Exception {
        database = open();
        database.start();
    }

    @BeforeEach
    void clear() throws Exception {
        database.clear();
    }

    @AfterEach
    void release() {
        database.connect();
        database.closePools();
    }

    @AfterAll
    void stop() throws Exception {
        database.close();
    }

    static MessagingException failure(Runnable call) {
        return catchThrowableOfType(MessagingException.class, call::run);
    }

    private JdbcIdempotencyStore.Builder builder() {
        return JdbcIdempotencyStore.builder(database.pool());
    }

    static long granted(IdempotencyStore store, String key) {
        Claim claim = store.claim("payments", key, 1, LONG);
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).token();
    }

    @Test
    void missingTablesAreRefusedWithTheCure() throws Exception {
        MessagingException refused = failure(() -> builder().build());
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(refused)
                .hasMessageContaining("V1__anymq_idempotency.sql")
                .hasMessageContaining("anymq.jdbc.schema=create");
        assertThatThrownBy(() -> database.count("anymq_idempotency"))
                .as("nothing was created")
                .isInstanceOf(SQLException.class);
    }

    @Test
    void tablesOfAnotherVersionAreRefused() throws Exception {
        builder().schema(SchemaMode.CREATE).build();
        database.execute("UPDATE anymq_schema SET version = 2");
        MessagingException newer = failure(() -> builder().build());
        assertThat(newer.code()).isEqualTo(ErrorCode.MISMATCH);
        assertThat(newer).hasMessageContaining("version 2").hasMessageContaining("needs version 1");
        assertThat(failure(() -> builder().schema(SchemaMode.CREATE).build()).code())
                .as("create changes no other version")
                .isEqualTo(ErrorCode.MISMATCH);
        database.execute("DELETE FROM anymq_schema");
        assertThat(failure(() -> builder().build()).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void tablesOfAnotherShapeAreRefused() throws Exception {
        builder().schema(SchemaMode.CREATE).build();
        database.execute("ALTER TABLE anymq_idempotency DROP COLUMN claim_id");
        MessagingException refused = failure(() -> builder().build());
        assertThat(refused.code()).isEqualTo(ErrorCode.MISMATCH);
        assertThat(refused).hasMessageContaining("not those of this version");
    }

    @Test
    void noneLooksAtNothing() throws Exception {
        JdbcIdempotencyStore store = builder().schema(SchemaMode.NONE).build();
        assertThat(failure(() -> store.claim("payments", "k", 1, LONG)).code()).isEqualTo(ErrorCode.NOT_FOUND);
        database.store(database.pool());
        granted(store, "k");
    }

    @Test
    void severalMayCreateTheTablesAtOnce() throws Exception {
        together(4, () -> builder().schema(SchemaMode.CREATE).build());
        granted(builder().build(), "k");
    }

    static <T> List<T> together(int threads, Callable<T> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aDatabaseThatIsDownAtTheStartIsWaitedFor() throws Exception {
        HikariDataSource pool = database.impatientPool();
        database.disconnect();
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(pool).build();
        MessagingException down = failure(() -> store.claim("payments", "k", 1, LONG));
        assertThat(down.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
        assertThat(down.isRetryable()).isTrue();
        database.connect();
        await(() -> failure(() -> store.claim("payments", "k", 1, LONG)).code() == ErrorCode.NOT_FOUND);
        database.store(database.pool());
        await(() -> answers(store));
    }

    /** Whether a claim of a free key is granted. */
    static boolean answers(IdempotencyStore store) {
        try {
            return store.claim("payments", "k" + System.nanoTime(), 1, LONG) instanceof Claim.Granted;
        } catch (MessagingException stillDown) {
            return false;
        }
    }

    static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    @Test
    void aClaimWhoseAnswerIsLostIsRecognizedByTheStoreThatMadeIt() throws Exception {
        LostAnswers answers = new LostAnswers(database.pool());
        JdbcIdempotencyStore store = database.store(answers.dataSource());
        JdbcIdempotencyStore other = builder().build();
        answers.lose(1);
        assertThat(failure(() -> store.claim("payments", "k", 1, LONG)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(other.claim("payments", "k", 1, LONG)).as("it is stored").isInstanceOf(Claim.Busy.class);
        assertThat(store.claim("payments", "k", 2, LONG)).isEqualTo(new Claim.Conflict());
        answers.lose(1);
        assertThat(failure(() -> store.claim("payments", "lost twice", 1, LONG)).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        answers.lose(1);
        assertThat(failure(() -> store.claim("payments", "lost twice", 1, LONG)).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        long token = granted(store, "lost twice");
        assertThat(store.claim("payments", "lost twice", 1, LONG)).as("once").isInstanceOf(Claim.Busy.class);
        answers.lose(1);
        assertThat(failure(() -> store.complete("payments", "lost twice", token, LONG))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(store.complete("payments", "lost twice", token, LONG))
                .as("it was held")
                .isTrue();
        assertThat(other.claim("payments", "lost twice", 1, LONG)).isEqualTo(new Claim.Done());
    }

    @Test
    void aConflictDoesNotUseUpTheLostClaim() throws Exception {
        LostAnswers answers = new LostAnswers(database.pool());
        JdbcIdempotencyStore store = database.store(answers.dataSource());
        answers.lose(1);
        assertThat(failure(() -> store.claim("payments", "k", 1, LONG)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(store.claim("payments", "k", 2, LONG)).isEqualTo(new Claim.Conflict());
        granted(store, "k");
    }

    @Test
    void tokensGrow() throws Exception {
        JdbcIdempotencyStore store = database.store(database.pool());
        long last = 0;
        for (int i = 0; i < 12; i++) {
            long token = granted(store, "k");
            assertThat(token).isGreaterThan(last);
            last = token;
            switch (i % 3) {
                case 0 -> store.release("payments", "k", token);
                case 1 -> store.forget("payments", "k");
                default -> {
                    store.complete("payments", "k", token, Duration.ofNanos(1));
                    store.purge();
                }
            }
        }
    }

    @Test
    void expiredMarksAreRemovedInBatches() throws Exception {
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(database.pool())
                .schema(SchemaMode.CREATE)
                .purgeInterval(Duration.ZERO)
                .purgeBatch(10)
                .build();
        for (int i = 0; i < 105; i++) {
            store.complete("payments", "k" + i, granted(store, "k" + i), Duration.ofNanos(1));
        }
        store.complete("payments", "kept", granted(store, "kept"), LONG);
        long removed =
                together(2, store::purge).stream().mapToLong(Long::longValue).sum();
        assertThat(removed).isEqualTo(105);
        assertThat(database.count("anymq_idempotency")).isOne();
    }

    @Test
    void callsRemoveWhatHasExpiredByTheWay() throws Exception {
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(database.pool())
                .schema(SchemaMode.CREATE)
                .purgeInterval(Duration.ofMillis(1))
                .purgeBatch(10)
                .build();
        for (int i = 0; i < 200; i++) {
            store.complete("payments", "k" + i, granted(store, "k" + i), Duration.ofNanos(1));
        }
        await(() -> {
            store.complete("payments", "last", granted(store, "last"), Duration.ofNanos(1));
            return database.count("anymq_idempotency") < 50;
        });
    }

    @Test
    void peopleCanReadTheTable() throws Exception {
        granted(database.store(database.pool()), "order-4711");
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT scope, message_key, state FROM anymq_idempotency")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("payments");
            assertThat(row.getString(2)).isEqualTo("order-4711");
            assertThat(row.getString(3)).isEqualTo("P");
        }
    }

    @Test
    void aWrongPasswordIsToldAndHidden() throws Exception {
        database.store(database.pool());
        HikariConfig config = database.config();
        config.setUsername("stranger");
        config.setPassword("topsecret");
        config.setConnectionTimeout(500);
        HikariDataSource pool = database.pool(config);
        MessagingException[] refused = new MessagingException[1];
        // a pool that gives up before the first answer is in says only that it has no connection
        await(() -> {
            refused[0] =
                    failure(() -> JdbcIdempotencyStore.builder(pool).build().claim("payments", "k", 1, LONG));
            return refused[0].code() == ErrorCode.AUTHENTICATION;
        });
        assertThat(refused[0]).hasMessageContaining("correct those of the DataSource");
        assertThat(refused[0].toString()).doesNotContain("topsecret");
    }

    /** Handles the messages m0 to m99, each sent twice and with a permit, and returns how often each was handled. */
    private Map<String, Integer> handleAll(
            IdempotencyStore store, int concurrency, Semaphore permits, Disturbance disturbance) throws Exception {
        Queue queue = Queue.of("payments").unordered();
        Map<String, Integer> handled = new ConcurrentHashMap<>();
        try (MessagingClient client = MessagingClient.connect("inmemory:")) {
            for (int i = 0; i < 200; i++) {
                client.producer(queue, String.class)
                        .send(Message.of("body " + i % 100).withId("m" + i % 100))
                        .join();
            }
            Consumer consumer = client.consumer(queue, String.class)
                    .concurrency(concurrency)
                    .idempotency(IdempotencyPolicy.builder(store)
                            .lease(Duration.ofSeconds(30))
                            .build())
                    .start(delivery -> {
                        permits.acquire();
                        handled.merge(delivery.id(), 1, Integer::sum);
                    });
            disturbance.make(handled, consumer);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> handled.size() == 100 && consumer.inFlight() == 0);
            await(() -> consumer.health().status() == Health.Status.UP);
        }
        return handled;
    }

    private interface Disturbance {
        void make(Map<String, Integer> handled, Consumer consumer) throws Exception;
    }

    @Test
    void aPoolOfOneIsEnough() throws Exception {
        HikariConfig config = database.config();
        config.setMaximumPoolSize(1);
        Map<String, Integer> handled =
                handleAll(database.store(database.pool(config)), 8, new Semaphore(100), (handledSoFar, consumer) -> {});
        assertThat(handled).hasSize(100).values().containsOnly(1);
    }

    @Test
    void outagesLoseNothingAndRepeatNothing() throws Exception {
        DataSource pool = database.impatientPool();
        // so that each outage finds handlers at work
        Semaphore permits = new Semaphore(20);
        Map<String, Integer> handled = handleAll(database.store(pool), 4, permits, (handledSoFar, consumer) -> {
            for (int outage = 1; outage <= 3; outage++) {
                int enough = outage * 20;
                await(() -> handledSoFar.size() >= enough);
                database.disconnect();
                permits.release(outage < 3 ? 20 : 100);
                await(() -> consumer.health().status() == Health.Status.DEGRADED);
                database.connect();
            }
        });
        assertThat(handled).hasSize(100).values().containsOnly(1);
        JdbcIdempotencyStore store = JdbcIdempotencyStore.builder(pool).build();
        for (int i = 0; i < 100; i++) {
            // the fingerprint is not known here; done with another one is a conflict
            assertThat(store.claim("payments", "m" + i, 1, LONG)).isEqualTo(new Claim.Conflict());
        }
        assertThat(database.count("anymq_idempotency WHERE state = 'D'")).isEqualTo(100);
    }
}
