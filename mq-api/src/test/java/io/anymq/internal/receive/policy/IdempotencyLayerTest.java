package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Health;
import io.anymq.Topic;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.IdempotencyStore.Claim;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims before the handler, completions after its outputs, and a store that fails in between. */
class IdempotencyLayerTest extends OnManualBroker {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final ScriptedStore store = new ScriptedStore(time);
    private final IdempotencyPolicy policy =
            IdempotencyPolicy.builder(store).lease(LEASE).build();

    static Stream<Throwable> failures() {
        return Stream.of(
                new IllegalStateException("down"), new IOException("checked"), new NoClassDefFoundError("driver"));
    }

    private ConsumerBuilder<String> guarded() {
        return consumer(ORDERS).idempotency(policy);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void nothingIsHandledWhileTheStoreCannotClaimAndNoAttemptIsSpent(Throwable failure) {
        store.down("claim", failure);
        put("k", "m1", "m2");
        Consumer consumer = guarded().start(this::note);
        advancingUntil(() -> store.refused.get() >= 8);
        assertThat(handled).isEmpty();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2");
        store.up();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m2#1");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void aFullStoreIsSeenInTheHealthUntilThereIsRoom() {
        InMemoryIdempotencyStore full = new InMemoryIdempotencyStore(1, time::nanoTime);
        full.claim("other", "x", 1, Duration.ofSeconds(5));
        put("k", "m1");
        Consumer consumer =
                consumer(ORDERS).idempotency(IdempotencyPolicy.with(full)).start(this::note);
        advancingUntil(() -> consumer.health().status() == Health.Status.DEGRADED
                && consumer.health().detail().contains("the idempotency store is full: 1 entries"));
        assertThat(handled).isEmpty();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
        assertThat(handled).containsExactly("m1#1");
        assertThat(observer.healths).containsExactly(Health.Status.UP, Health.Status.DEGRADED, Health.Status.UP);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void nothingIsSettledWhileTheStoreCannotComplete(Throwable failure) {
        store.down("complete", failure);
        put("k", "m1", "m2");
        Consumer consumer = guarded().start(this::note);
        advancingUntil(() -> store.refused.get() >= 8);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2");
        assertThat(handled).as("the key waits").containsExactly("m1#1");
        store.up();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).as("the handler is not called for that again").containsExactly("m1#1", "m2#1");
        assertThat(store.answered).containsExactly("claim m1", "complete m1", "claim m2", "complete m2");
    }

    @Test
    void theStoreIsAskedLessAndLessOften() {
        store.down("claim", new IllegalStateException("down"));
        put("k", "m1");
        guarded().start(this::note);
        eventually(() -> store.refused.get() == 1);
        int[] refused = {1};
        for (long millis : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
            eventually(() -> isParked());
            time.advance(Duration.ofMillis(millis - 1));
            assertThat(store.refused).hasValue(refused[0]);
            refused[0]++;
            advancingUntil(Duration.ofMillis(1), () -> store.refused.get() == refused[0]);
        }
        store.up();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
    }

    /** No worker is alive that could still be about to park: its pool has only idle threads. */
    private static boolean isParked() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("anymq-handle-"))
                .allMatch(thread -> java.util.Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("getTask")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"claim", "complete"})
    void aStoreThatFailedMattersNoMoreWhenItsMessageIsHandedBack(String operation) throws Exception {
        store.down(operation, new IllegalStateException("down"));
        put("k", "m1");
        Consumer consumer = guarded().start(this::note);
        eventually(() -> consumer.health().status() == Health.Status.DEGRADED);
        broker.revoke(AT_ORDERS, 0).get(SOON.toSeconds(), TimeUnit.SECONDS);
        eventually(() -> consumer.health().status() == Health.Status.UP);
    }

    private void closeWhileTheStoreRefuses(String operation, Throwable failure) throws Exception {
        store.down(operation, failure);
        put("k", "m1");
        Consumer consumer = guarded().start(this::note);
        eventually(() -> store.refused.get() >= 1);
        closeSoon(consumer);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCloseDoesNotWaitForAStoreThatCannotClaim(Throwable failure) throws Exception {
        closeWhileTheStoreRefuses("claim", failure);
        assertThat(handled).isEmpty();
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCloseSettlesWhatIsDoneAlthoughTheStoreNeverLearned(Throwable failure) throws Exception {
        closeWhileTheStoreRefuses("complete", failure);
        assertThat(handled).containsExactly("m1#1");
        assertThat(broker.ids(AT_ORDERS)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aCloseDoesNotWaitForAStoreThatCannotRelease(Throwable failure) throws Exception {
        store.down("release", failure);
        put("k", "m1");
        Consumer consumer = guarded().start(delivery -> {
            note(delivery);
            throw new IllegalStateException("retried in 100 ms");
        });
        eventually(() -> isParked() && handled.size() == 1);
        closeSoon(consumer);
        assertThat(store.refused).hasValue(1);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1");
    }

    @Test
    void aMessageThatAnotherOneHandlesWaitsUntilItIsFree() {
        Claim.Granted other = (Claim.Granted) store.claim("orders", "m1", fingerprint("m1"), LEASE);
        put("k", "m1");
        Consumer consumer = guarded().start(this::note);
        advancingUntil(() -> store.answered.size() >= 5);
        assertThat(handled).isEmpty();
        store.release("orders", "m1", other.token());
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
    }

    @Test
    void aMessageThatAnotherOneHasHandledIsSettledWithoutTheHandler() {
        Claim.Granted other = (Claim.Granted) store.claim("orders", "m1", fingerprint("m1"), LEASE);
        put("k", "m1", "m2");
        Consumer consumer = guarded().start(this::note);
        advancingUntil(() -> store.answered.size() >= 3);
        store.complete("orders", "m1", other.token(), Duration.ofHours(1));
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m2#1");
        assertThat(observer.duplicates).containsExactly("m1");
    }

    @Test
    void aLeaseIsProlongedAsLongAsTheHandlerRuns() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        put("k", "m1");
        Consumer consumer = guarded().start(delivery -> {
            begun.countDown();
            awaitLatch(mayEnd);
        });
        awaitLatch(begun);
        for (int i = 0; i < 40; i++) {
            time.advance(LEASE.dividedBy(12));
            eventually(() -> Thread.getAllStackTraces().entrySet().stream()
                    .filter(thread -> thread.getKey().getName().startsWith("anymq-handle-"))
                    .flatMap(thread -> java.util.Arrays.stream(thread.getValue()))
                    .noneMatch(frame -> frame.getMethodName().equals("prolong")));
        }
        assertThat(store.claim("orders", "m1", fingerprint("m1"), LEASE)).isInstanceOf(Claim.Busy.class);
        mayEnd.countDown();
        settledAll(consumer);
    }

    @Test
    void anotherBodyUnderTheSameIdIsAConflict() {
        put("k", "m1");
        Consumer consumer = guarded().start(this::note);
        settledAll(consumer);
        broker.store(AT_ORDERS, StoredMessage.text("m1", "k", "another text", Map.of()));
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
        assertThat(broker.at(AT_DEAD).get(0).headers()).containsEntry(WireHeaders.DEAD_REASON, "ID_CONFLICT");
    }

    @Test
    void aBusinessKeyThatComesWithAnotherBodyIsADuplicate() {
        put("k", "m1");
        Consumer consumer =
                consumer(ORDERS).idempotency(policy, delivery -> delivery.key()).start(this::note);
        settledAll(consumer);
        broker.store(AT_ORDERS, StoredMessage.text("m2", "k", "the same order, another time stamp", Map.of()));
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
        assertThat(observer.duplicates).containsExactly("m2");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void aMessageThatFailsIsNotDone() {
        put("k", "m1", "m1", "m2");
        Consumer consumer = guarded().start(delivery -> {
            note(delivery);
            if (delivery.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
        });
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3", "m2#1", "m2#2", "m2#3");
        assertThat(observer.duplicates).containsExactly("m1");
    }

    @Test
    void subscriptionsDoNotShareClaims() {
        Topic signups = Topic.of("signups");
        for (String name : List.of("mail", "audit")) {
            broker.put("subscription signups/" + name, "m1", "k", Map.of());
            consumer(signups.subscription(name))
                    .idempotency(policy)
                    .start(delivery -> handled.add(name + " " + delivery.id()));
        }
        eventually(() -> broker.ids("subscription signups/mail").isEmpty()
                && broker.ids("subscription signups/audit").isEmpty());
        assertThat(handled).containsExactlyInAnyOrder("mail m1", "audit m1");
        assertThat(observer.duplicates).isEmpty();
    }

    @Test
    void aRetryByWayOfTheBrokerGivesTheClaimBack() {
        broker.with(Capability.DELAY, Support.NATIVE);
        put(null, "m1");
        Consumer consumer = consumer(ORDERS.unordered())
                .idempotency(policy)
                .retry(RetryPolicy.fixed(3, Duration.ofSeconds(10)))
                .start(delivery -> {
                    note(delivery);
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                });
        eventually(() -> store.answered.contains("release m1"));
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2");
        assertThat(store.answered).containsExactly("claim m1", "release m1", "claim m1", "complete m1");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aClaimThatCannotBeGivenBackForARetryIsTriedAgain(Throwable failure) {
        broker.with(Capability.DELAY, Support.NATIVE);
        store.down("release", failure);
        put(null, "m1");
        Consumer consumer = consumer(ORDERS.unordered())
                .idempotency(policy)
                .retry(RetryPolicy.fixed(3, Duration.ofSeconds(10)))
                .start(delivery -> {
                    note(delivery);
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                });
        advancingUntil(() -> store.refused.get() >= 3);
        store.up();
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2");
    }

    @Test
    void aDeadLetterIsBuriedAndHandledAgainOnlyIfItIsRedriven() {
        put("k", "m1");
        Consumer consumer = guarded().retry(RetryPolicy.never()).start(delivery -> {
            note(delivery);
            if (handled.size() == 1) {
                throw new IllegalStateException("bad");
            }
        });
        settledAll(consumer);
        assertThat(store.answered).containsExactly("claim m1", "bury m1");
        put("k", "m1");
        settledAll(consumer);
        assertThat(observer.duplicates).containsExactly("m1");
        broker.put(AT_ORDERS, "m1", "k", Map.of(WireHeaders.REDRIVES, "1"));
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#1");
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
    }

    @Test
    void aKeyFunctionThatFailsIsTheMessagesFault() {
        put("k", "empty", "null", "long", "exception", "error", "good");
        Consumer consumer = client().consumer(ORDERS, String.class)
                .idempotency(policy, delivery -> switch (delivery.id()) {
                    case "empty" -> "";
                    case "null" -> nothing();
                    case "long" -> String.join("", Collections.nCopies(257, "x"));
                    case "exception" -> throw new IllegalStateException("no such field");
                    case "error" -> throw new StackOverflowError();
                    default -> "business-" + delivery.id();
                })
                .start(this::note);
        settledAll(consumer);
        assertThat(handled).containsExactly("good#1");
        assertThat(store.answered).containsExactly("claim business-good", "complete business-good");
        assertThat(broker.ids(AT_DEAD)).isEqualTo(List.of("empty", "null", "long", "exception", "error"));
        assertThat(broker.at(AT_DEAD))
                .allSatisfy(dead -> assertThat(dead.headers()).containsEntry(WireHeaders.DEAD_REASON, "PERMANENT"));
    }

    @SuppressWarnings("NullAway") // what a user's function may return
    private static String nothing() {
        return null;
    }

    private static long fingerprint(String text) {
        byte[] body = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        java.util.zip.CRC32C one = new java.util.zip.CRC32C();
        one.update(body, 0, body.length);
        java.util.zip.CRC32 other = new java.util.zip.CRC32();
        other.update(body, 0, body.length);
        return one.getValue() << 32 | other.getValue();
    }
}
