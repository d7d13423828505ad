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
import io.anymq.Topic;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.RetryPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The inbox and the outbox on each database, with the broker in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("try") // relays are only started and closed
abstract class TransactionContract {
    static final Queue PAYMENTS = Queue.of("payments");
    static final Queue RECEIPTS = Queue.of("receipts");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestDatabase database;
    private MessagingClient client;
    private Transactions transactions;
    private Outbox outbox;
    private Inbox inbox;

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
    void make() throws Exception {
        database.clear();
        database.execute(
                "DROP TABLE IF EXISTS effects",
                "DROP TABLE IF EXISTS counter",
                "CREATE TABLE effects (message_id VARCHAR(64) NOT NULL, body VARCHAR(64))",
                "CREATE TABLE counter (n INTEGER NOT NULL)",
                "INSERT INTO counter VALUES (0)");
        client = MessagingClient.connect("inmemory:");
        on(database.pool());
    }

    /** Makes the inbox and the outbox on this pool. */
    final void on(HikariDataSource pool) {
        transactions = Transactions.of(pool);
        outbox = Outbox.builder(transactions).schema(SchemaMode.CREATE).build();
        inbox = Inbox.builder(transactions)
                .outbox(outbox)
                .schema(SchemaMode.CREATE)
                .build();
    }

    final Inbox inbox() {
        return inbox;
    }

    final MessagingClient client() {
        return client;
    }

    @AfterEach
    void release() {
        client.close();
        database.connect();
        database.closePools();
    }

    @AfterAll
    void stop() throws Exception {
        threads.shutdownNow();
        database.close();
    }

    private OutboxRelay relay() {
        return outbox.relay(client)
                .pollInterval(Duration.ofMillis(5))
                .lease(Duration.ofSeconds(1))
                .start();
    }

    static void effect(Connection connection, String id, String body) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effects VALUES (?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, body);
            insert.executeUpdate();
        }
    }

    /** Sends m0 to m(n-1), each twice, with ten keys. */
    final void sendTwice(int n) {
        var producer = client.producer(PAYMENTS, String.class);
        for (int i = 0; i < 2 * n; i++) {
            String id = "m" + i % n;
            producer.send(Message.of("body of " + id).withId(id).withKey("k" + i % 10))
                    .join();
        }
    }

    final void awaitIdle() throws Exception {
        client.unwrap(InMemoryBroker.class).orElseThrow().awaitIdle(Duration.ofSeconds(60));
    }

    private static void await(Awaited condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition::isThere);
    }

    private interface Awaited {
        boolean isThere() throws Exception;
    }

    private long distinct(String table, String column) throws SQLException {
        return database.count("(SELECT DISTINCT " + column + " FROM " + table + ") d");
    }

    static MessagingException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(MessagingException.class, call);
    }

    // The inbox

    @Test
    void aMessageHasOneEffect() throws Exception {
        sendTwice(50);
        client.consumer(PAYMENTS, String.class)
                .start(inbox.handler((delivery, connection) -> effect(connection, delivery.id(), delivery.body())));
        awaitIdle();
        assertThat(database.count("effects")).isEqualTo(50);
        assertThat(distinct("effects", "message_id")).isEqualTo(50);
        assertThat(database.count("anymq_inbox")).isEqualTo(50);
        assertThat(database.count("anymq_inbox WHERE source = 'payments' AND message_id = 'm7'"))
                .isOne();
    }

    @Test
    void aRollbackIsAFailedAttemptAndLeavesNothing() throws Exception {
        client.producer(PAYMENTS, String.class)
                .send(Message.of("x").withId("m0").withKey("k"))
                .join();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        List<Long> seen = new CopyOnWriteArrayList<>();
        client.consumer(PAYMENTS, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMillis(1)))
                .start(inbox.handler((delivery, connection) -> {
                    attempts.add(delivery.attempt());
                    effect(connection, delivery.id(), "attempt " + delivery.attempt());
                    delivery.publish(RECEIPTS, "receipt");
                    seen.add(
                            database.count("effects") + database.count("anymq_inbox") + database.count("anymq_outbox"));
                    if (delivery.attempt() < 3) {
                        throw new IllegalStateException("the printer is out of paper");
                    }
                }));
        awaitIdle();
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(seen).as("outside, nothing is to be seen before the commit").containsOnly(0L);
        assertThat(database.count("effects WHERE body = 'attempt 3'")).isOne();
        assertThat(database.count("effects")).isOne();
        assertThat(database.count("anymq_outbox")).isOne();
    }

    @Test
    void whatFailedForGoodIsHandledAfterItsRedrive() throws Exception {
        Queue dead = Queue.of("payments-dead");
        client.producer(PAYMENTS, String.class)
                .send(Message.of("x").withId("m0").withKey("k"))
                .join();
        Semaphore cured = new Semaphore(0);
        client.consumer(PAYMENTS, String.class)
                .retry(RetryPolicy.fixed(1, Duration.ofMillis(1)))
                .start(inbox.handler((delivery, connection) -> {
                    if (!cured.tryAcquire()) {
                        throw new IllegalStateException("not yet");
                    }
                    effect(connection, delivery.id(), delivery.body());
                }));
        InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
        await(() -> broker.browse("payments-dead").size() == 1);
        assertThat(database.count("anymq_inbox")).isZero();
        cured.release();
        client.redrive(dead, io.anymq.RedriveOptions.DEFAULT).get(30, TimeUnit.SECONDS);
        await(() -> database.count("effects") == 1);
    }

    @Test
    void aBatchIsOneTransactionAndItsDuplicatesAreLeftOut() throws Exception {
        sendTwice(40);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        client.consumer(PAYMENTS, String.class).startBatch(16, inbox.batchHandler((deliveries, connection) -> {
            sizes.add(deliveries.size());
            for (var delivery : deliveries) {
                if (delivery.id().equals("m13") && delivery.attempt() < 3) {
                    throw new IllegalStateException("m13 spoils its batch");
                }
                effect(connection, delivery.id(), delivery.body());
            }
        }));
        awaitIdle();
        assertThat(database.count("effects")).isEqualTo(40);
        assertThat(distinct("effects", "message_id")).isEqualTo(40);
        assertThat(sizes).anyMatch(size -> size > 1);
    }

    @Test
    void twoThatHaveAMessageAtOnceFollowOneAnother() throws Exception {
        Inbox other = Inbox.builder(database.pool()).schema(SchemaMode.NONE).build();
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Delivered<String> message = new Delivered<>("m0", "x");
        Future<?> first = threads.submit(() -> {
            inbox.<String>handler((delivery, connection) -> {
                        inHandler.countDown();
                        goOn.await();
                        effect(connection, delivery.id(), "first");
                    })
                    .handle(message);
            return null;
        });
        assertThat(inHandler.await(30, TimeUnit.SECONDS)).isTrue();
        Future<?> second = threads.submit(() -> {
            other.<String>handler((delivery, connection) -> effect(connection, delivery.id(), "second"))
                    .handle(message);
            return null;
        });
        goOn.countDown();
        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        assertThat(database.count("effects WHERE body = 'first'")).isOne();
        assertThat(database.count("effects")).isOne();
    }

    @Test
    void anEndFromWithinIsRefused() throws Exception {
        transactions.call(connection -> {
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> connection.setAutoCommit(true)).isInstanceOf(SQLException.class);
            connection.close();
            effect(connection, "a", "still open");
            assertThat(failure(() -> transactions.call(inner -> "")).code()).isEqualTo(ErrorCode.UNSUPPORTED);
            return "";
        });
        assertThat(database.count("effects")).isOne();
        assertThat(transactions.current()).isEmpty();
    }

    @Test
    void anInboxWithoutAnOutboxRefusesOutputs() {
        Inbox alone = Inbox.builder(transactions).build();
        MessagingException refused =
                failure(() -> alone.<String>handler((delivery, connection) -> delivery.publish(RECEIPTS, "x"))
                        .handle(new Delivered<>("m0", "x")));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refused).hasMessageContaining("Inbox.Builder.outbox");
        assertThatThrownBy(() -> Inbox.builder(database.pool()).outbox(outbox))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void marksAreRemovedInBatchesAfterTheirRetention() throws Exception {
        Inbox forgetful = Inbox.builder(transactions)
                .retention(Duration.ofMillis(1))
                .purgeInterval(Duration.ZERO)
                .purgeBatch(10)
                .build();
        for (int i = 0; i < 35; i++) {
            forgetful.<String>handler((delivery, connection) -> {}).handle(new Delivered<>("m" + i, "x"));
        }
        inbox.<String>handler((delivery, connection) -> {}).handle(new Delivered<>("kept", "x"));
        await(() -> forgetful.purge() >= 0 && database.count("anymq_inbox") == 1);
    }

    @Test
    void missingTablesAreRefusedWithTheCure() throws Exception {
        database.clear();
        for (MessagingException refused : List.of(
                failure(() -> Inbox.builder(transactions).build()),
                failure(() -> Outbox.builder(transactions).build()))) {
            assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
            assertThat(refused).hasMessageContaining("V2__anymq_inbox.sql").hasMessageContaining("create");
        }
        Outbox unchecked = Outbox.builder(transactions).schema(SchemaMode.NONE).build();
        assertThat(failure(() -> transactions.call(connection ->
                                unchecked.producer(RECEIPTS, String.class).send("x")))
                        .code())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void tablesOfAnotherVersionAreRefused() throws Exception {
        database.execute("UPDATE anymq_schema SET version = 9");
        assertThat(failure(() -> Inbox.builder(transactions).build()).code()).isEqualTo(ErrorCode.MISMATCH);
        assertThat(failure(() -> Outbox.builder(transactions).build()).code()).isEqualTo(ErrorCode.MISMATCH);
    }

    @Test
    void aPoolOfOneIsEnough() throws Exception {
        HikariConfig config = database.config();
        config.setMaximumPoolSize(1);
        on(database.pool(config));
        sendTwice(50);
        client.consumer(PAYMENTS, String.class).concurrency(4).start(inbox.handler((delivery, connection) -> {
            effect(connection, delivery.id(), delivery.body());
            delivery.publish(RECEIPTS, Message.of(delivery.id()).withKey(String.valueOf(delivery.key())));
        }));
        List<String> receipts = new CopyOnWriteArrayList<>();
        client.consumer(RECEIPTS, String.class).start(delivery -> receipts.add(delivery.body()));
        try (OutboxRelay relay = relay()) {
            await(() -> receipts.size() >= 50 && database.count("anymq_outbox") == 0);
            assertThat(relay.health().status()).isEqualTo(Health.Status.UP);
        }
        awaitIdle();
        assertThat(database.count("effects")).isEqualTo(50);
        assertThat(receipts).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void outagesLoseNothingAndRepeatNoEffect() throws Exception {
        on(database.impatientPool());
        sendTwice(60);
        Semaphore permits = new Semaphore(20);
        List<String> receipts = new CopyOnWriteArrayList<>();
        client.consumer(RECEIPTS, String.class).start(delivery -> receipts.add(delivery.body()));
        client.consumer(PAYMENTS, String.class)
                .concurrency(4)
                .retry(RetryPolicy.fixed(1_000, Duration.ofMillis(50)))
                .start(inbox.handler((delivery, connection) -> {
                    permits.acquire();
                    effect(connection, delivery.id(), delivery.body());
                    delivery.publish(RECEIPTS, Message.of(delivery.id()));
                }));
        try (OutboxRelay relay = relay()) {
            for (int outage = 1; outage <= 2; outage++) {
                await(() -> permits.availablePermits() == 0);
                database.disconnect();
                permits.release(outage < 2 ? 20 : 10_000);
                await(() -> relay.health().status() == Health.Status.DEGRADED);
                database.connect();
            }
            await(() -> database.count("effects") == 60 && database.count("anymq_outbox") == 0);
            await(() -> relay.health().status() == Health.Status.UP);
        }
        awaitIdle();
        assertThat(database.count("effects")).isEqualTo(60);
        assertThat(distinct("effects", "message_id")).isEqualTo(60);
        assertThat(Map.copyOf(counts(receipts))).hasSize(60);
    }

    static Map<String, Integer> counts(List<String> all) {
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        all.forEach(one -> counts.merge(one, 1, Integer::sum));
        return counts;
    }

    @Test
    void aDatabaseThatIsDownAtTheStartIsWaitedFor() throws Exception {
        HikariDataSource pool = database.impatientPool();
        database.disconnect();
        Transactions down = Transactions.of(pool);
        Outbox later = Outbox.builder(down).build();
        Inbox waiting = Inbox.builder(down).outbox(later).build();
        MessagingException refused = failure(
                () -> waiting.<String>handler((delivery, connection) -> {}).handle(new Delivered<>("m", "x")));
        assertThat(refused.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
        assertThat(refused.isRetryable()).isTrue();
        try (OutboxRelay relay = later.relay(client).start()) {
            await(() -> relay.health().status() == Health.Status.DEGRADED);
            database.connect();
            await(() -> relay.health().status() == Health.Status.UP);
        }
        await(() -> {
            try {
                waiting.<String>handler((delivery, connection) -> effect(connection, "m", "x"))
                        .handle(new Delivered<>("m", "x"));
                return true;
            } catch (MessagingException stillDown) {
                return false;
            }
        });
        assertThat(database.count("effects")).isOne();
    }

    // The outbox

    @Test
    void aMessageOutsideATransactionIsRefused() throws Exception {
        OutboxProducer<String> producer = outbox.producer(RECEIPTS, String.class);
        assertThatThrownBy(() -> producer.send("x"))
                .isInstanceOf(TransactionRequiredException.class)
                .hasMessageContaining("Transactions.call");
        try (Connection connection = database.pool().getConnection()) {
            assertThatThrownBy(() -> producer.send(connection, Message.of("x")))
                    .isInstanceOf(TransactionRequiredException.class)
                    .hasMessageContaining("auto-commit");
        }
        assertThat(database.count("anymq_outbox")).isZero();
    }

    @Test
    void badMessagesAreRefusedWhenTheyAreSent() throws Exception {
        Outbox small = Outbox.builder(transactions).maxBodyBytes(10).build();
        transactions.call(connection -> {
            assertThat(failure(() -> small.producer(RECEIPTS, String.class).send("12345678901"))
                            .code())
                    .isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(failure(() -> outbox.producer(RECEIPTS, Object.class).send(new Object()))
                            .code())
                    .isEqualTo(ErrorCode.ENCODING);
            assertThat(failure(() -> outbox.producer(RECEIPTS, String.class)
                                    .send(Message.of("x").withKey("k").withDelay(Duration.ofSeconds(1))))
                            .code())
                    .isEqualTo(ErrorCode.INVALID_MESSAGE);
            return "";
        });
    }

    @Test
    void aMessageArrivesAsItWasSent() throws Exception {
        String odd = "key \u0000 ä \uD83D\uDE00 '";
        String id = transactions.call(connection -> outbox.producer(RECEIPTS, String.class)
                .send(Message.of("body")
                        .withKey(odd)
                        .withHeader("tenant", "\u0000eu")
                        .withId("id " + odd)));
        byte[] bytes = {0, 1, (byte) 0xFF};
        Topic topic = Topic.of("things").unordered();
        List<io.anymq.Delivery<?>> got = new CopyOnWriteArrayList<>();
        client.consumer(RECEIPTS, String.class).start(got::add);
        client.consumer(topic.subscription("all"), byte[].class).start(got::add);
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            outbox.producer(topic, byte[].class)
                    .send(connection, Message.of(bytes).withContentType("application/x-thing"));
            connection.commit();
        }
        try (OutboxRelay relay = relay()) {
            await(() -> got.size() == 2);
        }
        awaitIdle();
        assertThat(got).hasSize(2).anySatisfy(delivery -> {
            assertThat(delivery.id()).isEqualTo(id).isEqualTo("id " + odd);
            assertThat(delivery.key()).isEqualTo(odd);
            assertThat(delivery.body()).isEqualTo("body");
            assertThat(delivery.headers()).containsEntry("tenant", "\u0000eu");
        });
        assertThat(got).anySatisfy(delivery -> {
            assertThat(delivery.body()).isEqualTo(bytes);
            assertThat(delivery.contentType()).isEqualTo("application/x-thing");
            assertThat(delivery.key()).isNull();
        });
    }

    @Test
    void aSlowTransactionIsNotOvertaken() throws Exception {
        OutboxProducer<String> producer = outbox.producer(RECEIPTS, String.class);
        List<String> got = new CopyOnWriteArrayList<>();
        client.consumer(RECEIPTS, String.class).start(delivery -> got.add(delivery.body()));
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (OutboxRelay relay = relay()) {
            Future<?> slow = threads.submit(() -> transactions.call(connection -> {
                producer.send(Message.of("slow").withKey("a"));
                sent.countDown();
                goOn.await();
                return producer.send(Message.of("slow again").withKey("a"));
            }));
            assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
            Future<?> fast = threads.submit(() -> transactions.call(
                    connection -> producer.send(Message.of("fast").withKey("a"))));
            transactions.call(
                    connection -> producer.send(Message.of("other key").withKey("b")));
            await(() -> got.contains("other key"));
            assertThat(got).containsExactly("other key");
            goOn.countDown();
            slow.get(30, TimeUnit.SECONDS);
            fast.get(30, TimeUnit.SECONDS);
            await(() -> got.size() == 4);
        }
        assertThat(got).containsExactly("other key", "slow", "slow again", "fast");
    }

    @Test
    void theOrderOfEachKeyIsThatOfTheCommits() throws Exception {
        OutboxProducer<String> producer = outbox.producer(RECEIPTS, String.class);
        Map<String, List<String>> committed = new ConcurrentHashMap<>();
        Map<String, List<String>> got = new ConcurrentHashMap<>();
        client.consumer(RECEIPTS, String.class)
                .start(delivery -> got.computeIfAbsent(
                                String.valueOf(delivery.key()), key -> new CopyOnWriteArrayList<>())
                        .add(delivery.body()));
        List<Future<?>> writers = new ArrayList<>();
        try (OutboxRelay one = relay();
                OutboxRelay two = relay()) {
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        String body = writer + "/" + i;
                        String key = "k" + i % 3;
                        transactions.call(connection -> {
                            String id = producer.send(Message.of(body).withKey(key));
                            // under the key's lock, which lasts until the commit
                            committed
                                    .computeIfAbsent(key, k -> new CopyOnWriteArrayList<>())
                                    .add(body);
                            return id;
                        });
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
            await(() -> got.values().stream().mapToInt(List::size).sum() >= 160);
        }
        awaitIdle();
        assertThat(got).isEqualTo(committed);
    }

    @Test
    void aRefusedMessageStopsItsKeyAloneAndIsReported() throws Exception {
        List<String> got = new CopyOnWriteArrayList<>();
        List<StoppedOrder> told = new CopyOnWriteArrayList<>();
        try (MessagingClient narrow = MessagingClient.builder()
                        .url("inmemory:")
                        .set("anymq.producer.max-body", "100")
                        .open();
                OutboxRelay relay = outbox.relay(narrow)
                        .pollInterval(Duration.ofMillis(5))
                        .onStopped(told::add)
                        .start()) {
            narrow.consumer(RECEIPTS, String.class).start(delivery -> got.add(delivery.body()));
            OutboxProducer<String> producer = outbox.producer(RECEIPTS, String.class);
            transactions.call(connection -> producer.sendBatch(List.of(
                    Message.of("a1").withKey("a"),
                    Message.of("x".repeat(101)).withKey("a").withId("too large"),
                    Message.of("a2").withKey("a"),
                    Message.of("b1").withKey("b"),
                    Message.of("without a key"))));
            await(() -> got.size() == 3 && told.size() == 1);
            assertThat(got).containsExactlyInAnyOrder("a1", "b1", "without a key");
            await(() -> relay.health().status() == Health.Status.DEGRADED);
            assertThat(relay.stopped()).singleElement().satisfies(stopped -> {
                assertThat(stopped.messageId()).isEqualTo("too large");
                assertThat(stopped.key()).isEqualTo("a");
                assertThat(stopped.destination()).isEqualTo(RECEIPTS);
                assertThat(stopped.error()).isEqualTo("TOO_LARGE");
                assertThat(stopped.detail()).contains("100");
            });
            relay.retryNow();
            await(() -> told.size() == 2);
            assertThat(told.get(1).attempts()).isEqualTo(2);
            assertThat(relay.discard(told.get(1))).isTrue();
            await(() -> got.contains("a2"));
            await(() -> relay.health().status() == Health.Status.UP);
            assertThat(database.count("anymq_outbox")).isZero();
            assertThat(database.count("anymq_outbox_stopped")).isZero();
        }
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForInOrder() throws Exception {
        InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
        List<String> got = new CopyOnWriteArrayList<>();
        client.consumer(RECEIPTS, String.class).start(delivery -> got.add(delivery.body()));
        List<Message<String>> messages = IntStream.range(0, 20)
                .mapToObj(i -> Message.of("m" + i).withKey("k"))
                .toList();
        try (OutboxRelay relay = relay()) {
            broker.stop();
            transactions.call(
                    connection -> outbox.producer(RECEIPTS, String.class).sendBatch(messages));
            await(() -> relay.health().status() == Health.Status.DEGRADED);
            broker.start();
            await(() -> got.size() >= 20 && database.count("anymq_outbox") == 0);
        }
        awaitIdle();
        assertThat(got.stream().distinct())
                .containsExactlyElementsOf(messages.stream().map(Message::body).toList());
        assertThat(database.count("anymq_outbox_stopped")).isZero();
    }

    @Test
    void relaysShareTheLanesAndOneThatLeavesIsReplaced() throws Exception {
        OutboxRelay one = relay();
        await(() -> database.count("anymq_outbox_lane WHERE ends_at > 0") == OutboxRow.LANES);
        OutboxRelay two = relay();
        await(() -> distinct("anymq_outbox_lane", "owner") == 2
                && database.count("(SELECT owner FROM anymq_outbox_lane GROUP BY owner HAVING COUNT(*) = 32) d") == 2);
        one.close();
        await(() -> database.count("(SELECT owner FROM anymq_outbox_lane GROUP BY owner HAVING COUNT(*) = 64) d") == 1);
        assertThat(database.count("anymq_outbox_lane WHERE fence >= 1")).isEqualTo(OutboxRow.LANES);
        two.close();
        assertThat(database.count("anymq_outbox_relay")).isZero();
        assertThat(database.count("anymq_outbox_lane WHERE ends_at > 0")).isZero();
        assertThat(two.health().status()).isEqualTo(Health.Status.DOWN);
    }

    @Test
    void aToolCanReadTheOutboxByTheColumnsOfAnEventRouter() throws Exception {
        transactions.call(connection -> outbox.producer(RECEIPTS, String.class)
                .send(Message.of("x").withId("m1").withKey("customer-7")));
        assertThat(database.count("anymq_outbox_events WHERE id = 'm1' AND aggregatetype = 'receipts'"
                        + " AND aggregateid = 'customer-7' AND type LIKE 'text/plain%'"))
                .isOne();
    }

    /** Handlers that add to one row are in each other's way, so that some of their transactions fail. */
    final void countConcurrently(String addOne) throws Exception {
        var producer = client.producer(PAYMENTS, String.class);
        for (int i = 0; i < 40; i++) {
            producer.send(Message.of("x").withId("m" + i)).join();
        }
        Consumer consumer = client.consumer(PAYMENTS, String.class)
                .concurrency(4)
                .retry(RetryPolicy.fixed(1_000, Duration.ofMillis(1)))
                .start(inbox.handler((delivery, connection) -> {
                    try (PreparedStatement add = connection.prepareStatement(addOne)) {
                        add.executeUpdate();
                    }
                    effect(connection, delivery.id(), delivery.body());
                }));
        awaitIdle();
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
        assertThat(database.count("counter WHERE n = 40")).isOne();
        assertThat(database.count("effects")).isEqualTo(40);
    }

    @Test
    void handlersInEachOthersWayAreRepeated() throws Exception {
        countConcurrently("UPDATE counter SET n = n + 1");
    }
}
