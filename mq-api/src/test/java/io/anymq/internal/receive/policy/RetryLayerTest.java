package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ConsumerBuilder;
import io.anymq.Delivery;
import io.anymq.Queue;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Number, delay and place of further attempts at a failed message. */
class RetryLayerTest extends OnManualBroker {
    private final List<Long> starts = new CopyOnWriteArrayList<>();

    private void fail(Delivery<?> delivery) {
        starts.add(time.currentTimeMillis());
        note(delivery);
        throw new IllegalStateException("always");
    }

    private Map<String, String> deadHeaders() {
        assertThat(broker.at(AT_DEAD)).hasSize(1);
        return broker.at(AT_DEAD).get(0).headers();
    }

    @Test
    void inPlaceItIsTriedAsOftenAsThePolicySays() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS).start(this::fail);
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3");
        assertThat(starts.get(1) - starts.get(0)).isGreaterThanOrEqualTo(100);
        assertThat(starts.get(2) - starts.get(1)).isGreaterThanOrEqualTo(100);
        assertThat(deadHeaders())
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "3");
    }

    @Test
    void nothingIsTriedBeforeItsTime() {
        put("k", "m1");
        consumer(ORDERS).start(this::fail);
        eventually(() -> handled.size() == 1);
        lookedAround(AT_ORDERS);
        assertThat(handled).as("time stands still").containsExactly("m1#1");
    }

    @ParameterizedTest
    @CsvSource({"0,3", "1,2", "2,1", "3,0", "7,0"})
    void attemptsOfProcessesThatDiedCount(int before, int left) {
        broker.put(AT_ORDERS, "m1", "k", Map.of()).withAttempts(before);
        Consumer consumer = consumer(ORDERS).start(this::fail);
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).hasSize(left);
        if (left > 0) {
            assertThat(handled).endsWith("m1#3").startsWith("m1#" + (before + 1));
        }
        assertThat(deadHeaders())
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, Integer.toString(Math.max(3, before)));
    }

    /** Its consumer loses the lane in the middle of each attempt, as if it had died. */
    @Test
    void aMessageThatKillsItsConsumersIsTriedExactlyAsOftenAsThePolicySays() throws Exception {
        put(null, "m1");
        Semaphore begun = new Semaphore(0);
        CountDownLatch never = new CountDownLatch(1);
        Consumer consumer = consumer(ORDERS).retry(RetryPolicy.fixed(5, STEP)).start(delivery -> {
            note(delivery);
            begun.release();
            never.await();
        });
        for (int crash = 1; crash <= 5; crash++) {
            assertThat(begun.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            broker.lose(AT_ORDERS, 0).get(SOON.toSeconds(), TimeUnit.SECONDS);
            broker.grant(AT_ORDERS, 0);
        }
        eventually(() -> !broker.ids(AT_DEAD).isEmpty() && broker.ids(AT_ORDERS).isEmpty());
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3", "m1#4", "m1#5");
        assertThat(deadHeaders()).containsEntry(WireHeaders.DEAD_ATTEMPTS, "5");
        never.countDown();
        settledAll(consumer);
    }

    @Test
    void permanentFailuresAreNotTriedAgain() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.fixed(3, STEP).toBuilder()
                        .permanentOn(IllegalStateException.class)
                        .build())
                .start(this::fail);
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
        assertThat(deadHeaders()).containsEntry(WireHeaders.DEAD_REASON, "PERMANENT");
    }

    private void assertThatItExpiresWithinTwoSeconds(Consumer consumer) {
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        // 100 ms apart at least; the clock may move on between the engine's look at it and the handler's
        assertThat(handled.size()).isBetween(2, 21);
        assertThat(deadHeaders()).containsEntry(WireHeaders.DEAD_REASON, "EXPIRED");
    }

    @Test
    void inPlaceNoAttemptStartsAfterMaxElapsed() {
        put("k", "m1");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.fixed(1_000, STEP).toBuilder()
                        .maxElapsed(Duration.ofSeconds(2))
                        .build())
                .start(this::fail);
        assertThatItExpiresWithinTwoSeconds(consumer);
    }

    @Test
    void anAttemptThatComesTooLateIsNotMade() {
        consumer(ORDERS)
                .retry(RetryPolicy.fixed(10, STEP).toBuilder()
                        .maxElapsed(Duration.ofMillis(150))
                        .build())
                .start(this::fail);
        put("k", "m1");
        // planned within the limit, and then the clock jumps
        eventually(() -> {
            time.jump(Duration.ofSeconds(1));
            return !broker.ids(AT_DEAD).isEmpty();
        });
        assertThat(handled).containsExactly("m1#1");
        assertThat(deadHeaders()).containsEntry(WireHeaders.DEAD_REASON, "EXPIRED");
    }

    @Test
    void whatHasExpiredBeforeItsTurnIsNotHandled() {
        broker.put(AT_ORDERS, "m1", "k", Map.of()).expiringAt(time.currentTimeMillis());
        Consumer consumer = consumer(ORDERS).start(this::fail);
        settledAll(consumer);
        assertThat(handled).isEmpty();
        assertThat(deadHeaders())
                .containsEntry(WireHeaders.DEAD_REASON, "EXPIRED")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "0");
    }

    @Test
    void whatExpiresBetweenTwoAttemptsIsNotHandledAgain() {
        broker.put(AT_ORDERS, "m1", "k", Map.of()).expiringAt(time.currentTimeMillis() + STEP.toMillis() / 2);
        Consumer consumer = consumer(ORDERS).start(this::fail);
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1");
        assertThat(deadHeaders())
                .containsEntry(WireHeaders.DEAD_REASON, "EXPIRED")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "1");
    }

    private ConsumerBuilder<String> byWayOfTheBroker(RetryPolicy policy) {
        broker.with(Capability.DELAY, Support.NATIVE);
        put(null, "m1");
        return consumer(ORDERS.unordered())
                .retry(policy.toBuilder().inPlaceLimit(Duration.ZERO).build());
    }

    @Test
    void byWayOfTheBrokerItIsTriedAsOftenAsThePolicySays() {
        List<Long> due = new CopyOnWriteArrayList<>();
        broker.onSend = (address, message) -> {
            if (address.equals(AT_ORDERS)) {
                due.add(message.deliverAtMillis());
            }
            broker.storeAndConfirm(address, message);
        };
        Consumer consumer = byWayOfTheBroker(RetryPolicy.fixed(3, STEP)).start(this::fail);
        eventually(() -> due.size() == 1);
        assertThat(due.get(0)).isEqualTo(starts.get(0) + 100);
        eventually(() -> consumer.inFlight() == 0);
        assertThat(broker.ids(AT_ORDERS)).as("it takes up no room meanwhile").containsExactly("m1");
        assertThat(broker.at(AT_ORDERS).get(0).headers()).containsEntry(WireHeaders.ATTEMPTS, "1");
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(due).hasSize(2);
        assertThat(due.get(1)).isBetween(starts.get(1) + 100, starts.get(2));
        assertThat(starts.get(1)).isGreaterThanOrEqualTo(due.get(0));
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3");
        assertThat(deadHeaders())
                .containsEntry(WireHeaders.DEAD_REASON, "MAX_ATTEMPTS")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "3")
                .containsEntry(WireHeaders.DEAD_FIRST_AT, Long.toString(starts.get(0)));
    }

    @Test
    void byWayOfTheBrokerNoAttemptStartsAfterMaxElapsed() {
        Consumer consumer = byWayOfTheBroker(RetryPolicy.fixed(1_000, STEP).toBuilder()
                        .maxElapsed(Duration.ofSeconds(2))
                        .build())
                .start(this::fail);
        assertThatItExpiresWithinTwoSeconds(consumer);
    }

    @Test
    void whereThereIsAnOrderTheRetryStaysInPlace() {
        broker.with(Capability.DELAY, Support.NATIVE);
        put("k", "m1");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.fixed(2, Duration.ofSeconds(20)))
                .start(this::fail);
        eventually(() -> handled.size() == 1);
        lookedAround(AT_ORDERS);
        assertThat(consumer.inFlight()).isOne();
        advancingUntil(Duration.ofSeconds(1), () -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(observer.sends).containsExactly("queue orders-dead CONFIRMED");
    }

    @Test
    void aWaitUpToTheLimitIsSpentInPlace() {
        broker.with(Capability.DELAY, Support.NATIVE);
        put(null, "m1");
        Consumer consumer = consumer(ORDERS.unordered())
                .retry(RetryPolicy.fixed(2, Duration.ofSeconds(5)))
                .start(this::fail);
        eventually(() -> handled.size() == 1);
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(observer.sends).containsExactly("queue orders-dead CONFIRMED");
    }

    @Test
    void aWayBackThatIsRefusedCostsNothingButTheWaitInMemory() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        broker.onSend = (address, message) -> {
            if (address.equals(AT_ORDERS) && refuses.get()) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Consumer consumer = byWayOfTheBroker(RetryPolicy.fixed(3, STEP)).start(this::fail);
        advancingUntil(() -> broker.ids(AT_ORDERS).isEmpty());
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3");
        assertThat(broker.ids(AT_DEAD)).containsExactly("m1");
        assertThat(broker.at(AT_DEAD).get(0).headers()).containsEntry(WireHeaders.DEAD_ATTEMPTS, "3");
    }

    @Test
    void aCloseDoesNotWaitForARetry() throws Exception {
        put("k", "m1", "m2");
        Consumer consumer = consumer(ORDERS)
                .retry(RetryPolicy.fixed(3, Duration.ofHours(1)))
                .start(this::fail);
        eventually(() -> handled.size() == 1);
        closeSoon(consumer);
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m1", "m2");
        assertThat(broker.at(AT_ORDERS).get(0).attempts()).as("it was made").isOne();
    }

    @Test
    void aForcedCloseSpendsNoAttempt() throws Exception {
        put("k", "m1");
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 1; i <= 5; i++) {
            CountDownLatch begun = new CountDownLatch(1);
            Consumer consumer = consumer(ORDERS).start(delivery -> {
                note(delivery);
                begun.countDown();
                never.await();
            });
            awaitLatch(begun);
            consumer.close(Duration.ZERO);
        }
        assertThat(handled).containsExactly("m1#1", "m1#1", "m1#1", "m1#1", "m1#1");
        assertThat(broker.at(AT_ORDERS).get(0).attempts()).isZero();
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }

    @Test
    void attemptsOfOneMessageAreNotThoseOfAnother() {
        Map<String, String> copied =
                Map.of(WireHeaders.ATTEMPTS, "2", WireHeaders.ATTEMPTS_OF, OutputIds.of(ORDERS, "m1", -1));
        Map<String, String> fromElsewhere =
                Map.of(WireHeaders.ATTEMPTS, "2", WireHeaders.ATTEMPTS_OF, OutputIds.of(Queue.of("others"), "m3", -1));
        broker.put(AT_ORDERS, "m1", null, copied);
        broker.put(AT_ORDERS, "m2", null, copied);
        broker.put(AT_ORDERS, "m3", null, fromElsewhere);
        Consumer consumer = consumer(ORDERS).concurrency(1).start(this::note);
        settledAll(consumer);
        assertThat(handled).containsExactly("m1#3", "m2#1", "m3#1");
    }

    @Test
    void headersThatSomeoneForgedKeepNoMessageFromItsHandler() {
        long now = time.currentTimeMillis();
        broker.put(AT_ORDERS, "m1", null, Map.of(WireHeaders.ATTEMPTS, "999"));
        broker.put(AT_ORDERS, "m2", null, Map.of(WireHeaders.FIRST_ATTEMPT_AT, "1"));
        broker.put(AT_ORDERS, "m3", null, Map.of(WireHeaders.ATTEMPTS, "-5", WireHeaders.FIRST_ATTEMPT_AT, "x"));
        broker.put(AT_ORDERS, "m4", null, Map.of(WireHeaders.ATTEMPTS, "1"));
        broker.put(
                AT_ORDERS,
                "m5",
                null,
                Map.of(WireHeaders.ATTEMPTS, "999", WireHeaders.ATTEMPTS_OF, OutputIds.of(ORDERS, "m5", -1)));
        Consumer consumer = consumer(ORDERS)
                .concurrency(1)
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .maxElapsed(Duration.ofMinutes(5))
                        .build())
                .start(this::note);
        settledAll(consumer);
        assertThat(time.currentTimeMillis()).isEqualTo(now);
        assertThat(handled).containsExactly("m1#1", "m2#1", "m3#1", "m4#1", "m5#3");
        assertThat(broker.ids(AT_DEAD)).isEmpty();
    }
}
