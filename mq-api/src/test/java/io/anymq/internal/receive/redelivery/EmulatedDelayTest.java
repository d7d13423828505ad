package io.anymq.internal.receive.redelivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.internal.send.EncodedMessage;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.internal.support.StoredMessage;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.spi.WireHeaders;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delay on a broker without one: messages are held back in redelivery lanes. */
class EmulatedDelayTest extends OnManualBroker {
    private static final Queue LATER = ORDERS.unordered();

    private final Map<String, Long> startedAt = new ConcurrentHashMap<>();

    @BeforeEach
    void emulate() {
        broker.with(Capability.DELAY, Support.EMULATED);
    }

    private Consumer start() {
        return start(8);
    }

    private Consumer start(int concurrency) {
        return consumer(LATER).concurrency(concurrency).start(delivery -> {
            startedAt.put(delivery.id(), time.currentTimeMillis());
            note(delivery);
        });
    }

    private void send(String id, Duration delay) {
        try (Producer<String> producer = client().producer(LATER, String.class)) {
            producer.send(Message.of(id).withId(id).withDelay(delay)).join();
        }
    }

    private boolean nothingIsLeft() {
        return broker.ids(AT_ORDERS).isEmpty() && broker.ids(AT_REDELIVERY).isEmpty();
    }

    private Set<Integer> streams() {
        Set<Integer> streams = new HashSet<>();
        broker.at(AT_REDELIVERY).forEach(message -> streams.add(message.stream()));
        return streams;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 250, 251, 999, 1_000, 60_000, 10_800_000, 86_400_000})
    void nothingComesBeforeItsTimeAndEverythingComesOnce(long millis) {
        Consumer consumer = start();
        long due = time.currentTimeMillis() + millis;
        send("m1", Duration.ofMillis(millis));
        advancingUntil(Duration.ofMillis(Math.max(20, millis / 100)), () -> handled.size() == 1);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
        assertThat(startedAt.get("m1")).isGreaterThanOrEqualTo(due);
        assertThat(handled).containsExactly("m1#1");
    }

    @Test
    void nothingComesLaterThanTheEngineLooks() {
        Consumer consumer = start();
        long due = time.currentTimeMillis() + 3_000;
        send("m1", Duration.ofSeconds(3));
        lookingUntil(consumer, 1, due + 1_000);
        assertThat(startedAt.get("m1")).isBetween(due, due + 500);
    }

    /** Time goes on only when the consumer has seen all that is to be seen. */
    private void lookingUntil(Consumer consumer, int count, long latest) {
        while (handled.size() < count) {
            lookedAround(AT_REDELIVERY);
            lookedAround(AT_ORDERS);
            eventually(() -> consumer.inFlight() == 0);
            if (handled.size() < count) {
                time.advance(Duration.ofMillis(250));
            }
            assertThat(time.currentTimeMillis()).isLessThan(latest);
        }
    }

    @Test
    void whatIsHeldBackTakesUpNoRoomAndItsLaneIsPaused() {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(2));
        send("m2", Duration.ofHours(1));
        eventually(() -> broker.ids(AT_REDELIVERY).size() == 2 && consumer.inFlight() == 0);
        eventually(() -> broker.paused(AT_REDELIVERY).equals(streams()));
        assertThat(streams()).hasSize(2);
        assertThat(broker.at(AT_REDELIVERY))
                .allSatisfy(message -> assertThat(
                                number(message, WireHeaders.LANE_STAY) + number(message, WireHeaders.LANE_LEFT))
                        .isEqualTo(message.deliverAtMillis() - time.currentTimeMillis()));
        advancingUntil(() -> handled.contains("m1#1"));
        assertThat(handled).as("a later lane holds up no earlier one").containsExactly("m1#1");
        eventually(() -> broker.ids(AT_REDELIVERY).equals(List.of("m2")));
        assertThat(broker.paused(AT_REDELIVERY)).as("an empty lane flows again").isEqualTo(streams());
    }

    @Test
    void aLaneKeepsItsOrderAndLetsGoOnlyWhatIsDue() {
        Consumer consumer = start(1);
        long sentAt = time.currentTimeMillis();
        List<String> ids = IntStream.rangeClosed(1, 40).mapToObj(i -> "m" + i).toList();
        ids.forEach(id -> send(id, Duration.ofSeconds(1)));
        eventually(() -> broker.ids(AT_REDELIVERY).size() == 40 && consumer.inFlight() == 0);
        assertThat(streams()).hasSize(1);
        assertThat(broker.ids(AT_REDELIVERY)).hasSize(40);
        advancingUntil(() -> handled.size() == 40);
        eventually(this::nothingIsLeft);
        assertThat(startedAt).allSatisfy((id, at) -> assertThat(at).isGreaterThanOrEqualTo(sentAt + 1_000));
        assertThat(handled).isEqualTo(ids.stream().map(id -> id + "#1").toList());
    }

    @Test
    void whatIsNotDelayedOvertakesWhatIs() {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(5));
        put("k", "m2");
        eventually(
                () -> handled.equals(List.of("m2#1")) && broker.ids(AT_ORDERS).isEmpty());
        advancingUntil(() -> handled.size() == 2);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void lanesThatGoWhileTheyHoldAreHeldByTheNextOwner(boolean lost) throws Exception {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(2));
        send("m2", Duration.ofSeconds(2));
        eventually(() -> broker.ids(AT_REDELIVERY).size() == 2
                && broker.paused(AT_REDELIVERY).equals(streams()));
        Integer[] all = streams().toArray(Integer[]::new);
        (lost ? broker.lose(AT_REDELIVERY, all) : broker.revoke(AT_REDELIVERY, all))
                .get(SOON.toSeconds(), TimeUnit.SECONDS);
        time.advance(Duration.ofSeconds(10));
        lookedAround(AT_REDELIVERY);
        assertThat(handled).as("they belong to another consumer").isEmpty();
        broker.grant(AT_REDELIVERY, all);
        advancingUntil(() -> handled.size() == 2);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
        assertThat(handled).containsExactlyInAnyOrder("m1#1", "m2#1");
    }

    @Test
    void aReceiverThatFailsWhileItHoldsHoldsThemAgain() {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(2));
        eventually(() ->
                broker.paused(AT_REDELIVERY).equals(streams()) && !streams().isEmpty());
        long due = broker.at(AT_REDELIVERY).get(0).deliverAtMillis();
        int before = broker.receivers.get();
        broker.failReceive(AT_REDELIVERY, ManualBroker.down());
        eventually(() -> broker.receivers.get() == before + 1);
        advancingUntil(() -> handled.size() == 1);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
        assertThat(startedAt.get("m1")).isGreaterThanOrEqualTo(due);
    }

    @Test
    void aCloseWhileLanesHoldLeavesThemAtTheBroker() throws Exception {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(2));
        send("m2", Duration.ofMillis(200));
        eventually(() -> broker.ids(AT_REDELIVERY).equals(List.of("m1")));
        closeSoon(consumer);
        assertThat(handled).isEmpty();
        assertThat(broker.ids(AT_REDELIVERY)).containsExactly("m1");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m2");
        time.advance(Duration.ofSeconds(10));
        start();
        eventually(() -> handled.size() == 2 && nothingIsLeft());
    }

    @Test
    void aLaneThatTakesNothingMeansAWaitInMemory() {
        AtomicInteger refused = new AtomicInteger();
        broker.onSend = (address, message) -> {
            if (address.equals(AT_REDELIVERY) && refused.getAndIncrement() < 3) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Consumer consumer = start();
        long due = time.currentTimeMillis() + 2_000;
        send("m1", Duration.ofSeconds(2));
        eventually(() -> refused.get() >= 1);
        assertThat(broker.ids(AT_ORDERS))
                .as("not settled before it is elsewhere")
                .containsExactly("m1");
        advancingUntil(() -> handled.size() == 1);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
        assertThat(refused.get()).isGreaterThan(3);
        assertThat(startedAt.get("m1")).isGreaterThanOrEqualTo(due);
        assertThat(handled).containsExactly("m1#1");
    }

    @Test
    void aRetryGoesByWayOfTheLanesAndKeepsItsCount() {
        Consumer consumer = consumer(LATER)
                .retry(RetryPolicy.fixed(3, Duration.ofSeconds(10)))
                .start(delivery -> {
                    note(delivery);
                    throw new IllegalStateException("always");
                });
        broker.put(AT_ORDERS, "m1", "k", Map.of("tenant", "t1"));
        eventually(() -> broker.ids(AT_REDELIVERY).equals(List.of("m1"))
                && broker.ids(AT_ORDERS).isEmpty());
        StoredMessage waiting = broker.at(AT_REDELIVERY).get(0);
        assertThat(waiting.key()).isEqualTo("k");
        assertThat(waiting.headers()).containsEntry("tenant", "t1").containsEntry(WireHeaders.ATTEMPTS, "1");
        assertThat(waiting.deliverAtMillis()).isEqualTo(time.currentTimeMillis() + 10_000);
        advancingUntil(() -> !broker.ids(AT_DEAD).isEmpty());
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
        assertThat(handled).containsExactly("m1#1", "m1#2", "m1#3");
        assertThat(broker.at(AT_DEAD).get(0).headers())
                .containsEntry("tenant", "t1")
                .containsEntry(WireHeaders.DEAD_ATTEMPTS, "3")
                .doesNotContainKeys(
                        WireHeaders.LANE_STAY, WireHeaders.LANE_LEFT, WireHeaders.LANE_SENT, WireHeaders.LANE_SENDER);
    }

    @Test
    void aPausedConsumerLetsNothingGo() {
        Consumer consumer = start();
        send("m1", Duration.ofSeconds(2));
        eventually(() ->
                broker.paused(AT_REDELIVERY).equals(streams()) && !streams().isEmpty());
        consumer.pause();
        time.advance(Duration.ofSeconds(10));
        lookedAround(AT_REDELIVERY);
        assertThat(handled).isEmpty();
        consumer.resume();
        advancingUntil(() -> handled.size() == 1);
        eventually(() -> nothingIsLeft() && consumer.inFlight() == 0);
    }

    @Test
    void aCloseWaitsForAHandlerOfALane() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Consumer consumer = consumer(LATER).start(delivery -> {
            begun.countDown();
            awaitLatch(mayEnd);
            note(delivery);
        });
        send("m1", Duration.ofSeconds(2));
        advancingUntil(() -> begun.getCount() == 0);
        java.util.concurrent.CompletableFuture<Void> close =
                java.util.concurrent.CompletableFuture.runAsync(consumer::close);
        mayEnd.countDown();
        close.get(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(handled).containsExactly("m1#1");
        assertThat(nothingIsLeft()).isTrue();
    }

    private static long number(StoredMessage message, String header) {
        return Long.parseLong(message.headers().get(header));
    }

    /** In a lane for a second, by a host whose clock is ahead by so much; {@code storedAt} by the broker's. */
    private void inLane(String id, Duration ahead, long storedAt) {
        Map<String, String> headers = Map.of(
                WireHeaders.LANE_STAY,
                "1000",
                WireHeaders.LANE_LEFT,
                "0",
                WireHeaders.LANE_SENT,
                Long.toString(time.currentTimeMillis() + ahead.toMillis()),
                WireHeaders.LANE_SENDER,
                "another-consumer");
        long dueThere = time.currentTimeMillis() + ahead.toMillis() + 1_000;
        broker.storesAt = () -> storedAt;
        broker.store(
                AT_REDELIVERY, new EncodedMessage(id, null, new byte[] {'m'}, "text/plain", headers, 0, dueThere, 2));
    }

    private void assertHandledAfter(String id, Duration wait, long since) {
        assertThat(startedAt.get(id) - since).isBetween(wait.toMillis(), wait.toMillis() + 500);
    }

    @ParameterizedTest
    @ValueSource(longs = {-40, 0, 40})
    void aHostWithAnotherClockHoldsUpNothing(long secondsAhead) {
        long now = time.currentTimeMillis();
        inLane("m1", Duration.ofSeconds(secondsAhead), now);
        inLane("m2", Duration.ZERO, now);
        lookingUntil(start(1), 2, now + 2_000);
        assertHandledAfter("m1", Duration.ofSeconds(1), now);
        assertHandledAfter("m2", Duration.ofSeconds(1), now);
    }

    @Test
    void whereTheBrokerTellsNoTimeAFastClockCostsNoMoreThanTheLanesDelay() {
        long now = time.currentTimeMillis();
        inLane("m1", Duration.ofHours(1), 0);
        inLane("m2", Duration.ZERO, 0);
        lookingUntil(start(1), 2, now + 2_000);
        assertHandledAfter("m1", Duration.ofSeconds(1), now);
        assertHandledAfter("m2", Duration.ofSeconds(1), now);
    }

    @ParameterizedTest
    @ValueSource(longs = {-40_000, 40_000})
    void aBrokerWithAnotherClockIsLearntFromWhatComesBack(long brokerAhead) {
        broker.storesAt = () -> time.currentTimeMillis() + brokerAhead;
        Consumer consumer = start(1);
        send("mine", Duration.ofSeconds(2));
        lookingUntil(consumer, 1, time.currentTimeMillis() + 3_000);
        long now = time.currentTimeMillis();
        inLane("other", Duration.ofSeconds(7), now + brokerAhead);
        lookingUntil(consumer, 2, now + 2_000);
        assertHandledAfter("other", Duration.ofSeconds(1), now);
    }

    @Test
    void aLaneThatWasLeftAloneHoldsNothingBack() {
        long now = time.currentTimeMillis();
        inLane("m1", Duration.ZERO, now);
        time.advance(Duration.ofMinutes(10));
        start(1);
        eventually(() -> handled.size() == 1);
        assertThat(startedAt.get("m1")).isEqualTo(now + 600_000);
    }

    @Test
    void whatALaneMayAddIsBounded() {
        long now = time.currentTimeMillis();
        Map<String, String> forged = Map.of(
                WireHeaders.LANE_STAY,
                "250",
                WireHeaders.LANE_LEFT,
                "99999999999999",
                WireHeaders.LANE_SENT,
                Long.toString(now),
                WireHeaders.LANE_SENDER,
                "x");
        broker.put(AT_REDELIVERY, "m1", null, forged);
        start(1);
        advancingUntil(() -> broker.at(AT_REDELIVERY).stream().anyMatch(message -> message.deliverAtMillis() > 0));
        assertThat(broker.at(AT_REDELIVERY).get(0).deliverAtMillis() - now)
                .isLessThanOrEqualTo(Duration.ofDays(9).toMillis());
    }
}
