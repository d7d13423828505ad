package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.policy.FlowControl;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** RTY: what waits for a retry, and for how long. */
final class RetryWaitRules {
    /** The second wait would be 20 s, so that neither a slow machine nor a quick one changes the number of attempts. */
    private static final RetryPolicy TWO_IN_TIME = RetryPolicy.exponential(1_000).toBuilder()
            .initialDelay(Duration.ofMillis(200))
            .multiplier(100)
            .maxDelay(Duration.ofHours(1))
            .maxElapsed(Duration.ofSeconds(10))
            .build();

    @Rule(
            id = "RTY-2",
            history = HistoryScope.TO_THE_END,
            check = "whether the broker redelivers by itself while the engine waits")
    void backoffIsKept(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() < 4) {
                throw new RetryRules.Deliberate("not yet");
            }
        });
        RetryPolicy policy = RetryPolicy.builder()
                .maxAttempts(4)
                .initialDelay(Duration.ofMillis(40))
                .multiplier(2)
                .maxDelay(Duration.ofMillis(80))
                .jitter(0.1)
                .build();
        t.client().consumer(queue, String.class).retry(policy).start(recorder);
        t.send(queue, Messages.keyed("k", "patient").withId("patient"));
        t.awaitCompleted(recorder, 1);
        List<Handled<String>> calls = recorder.callsOf("patient");
        assertThat(calls).hasSize(4);
        long[] atLeast = {40, 80, 80};
        for (int i = 0; i < 3; i++) {
            long gap = calls.get(i + 1).startedNanos() - calls.get(i).startedNanos();
            assertThat(Duration.ofNanos(gap))
                    .as("time between attempts " + (i + 1) + " and " + (i + 2))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(atLeast[i]));
        }
    }

    @Rule(
            id = "RTY-5",
            history = HistoryScope.TO_THE_END,
            check = "whether messages of a key are received in order",
            needs = Capability.PER_KEY_ORDER)
    void keyWaitsForItsRetry(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().equals(Messages.body(1)) && delivery.attempt() < 3) {
                throw new RetryRules.Deliberate("not yet");
            }
        });
        t.client().consumer(queue, String.class).retry(RetryRules.THREE).start(recorder);
        t.send(t.producer(queue), Messages.ofKey("k", 4));
        t.awaitCompleted(recorder, 4);
        assertThat(recorder.bodiesOf("k"))
                .containsExactly(
                        Messages.body(0),
                        Messages.body(1),
                        Messages.body(1),
                        Messages.body(1),
                        Messages.body(2),
                        Messages.body(3));
    }

    @Rule(
            id = "RTY-6",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() goes on handing out messages while earlier ones of the lane are unsettled",
            needs = Capability.PER_KEY_ORDER)
    void otherKeysDoNotWait(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch enough = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if ("bad".equals(delivery.key()) && enough.getCount() > 0) {
                throw new RetryRules.Deliberate("until the others are done");
            }
        });
        RetryPolicy persistent = RetryPolicy.fixed(100_000, RetryRules.SHORT);
        t.client()
                .consumer(queue, String.class)
                .concurrency(1)
                .retry(persistent)
                .start(recorder);
        t.send(t.producer(queue), Messages.ofKey("bad", 3));
        t.send(t.producer(queue), Messages.spread(40, 10));
        t.awaitCompleted(recorder, 40);
        Order.everyKeyInOrder(recorder, 40, 10);
        assertThat(recorder.bodiesOf("bad")).containsOnly(Messages.body(0));
        enough.countDown();
        t.awaitCompleted(recorder, 43);
        assertThat(Order.firsts(recorder.bodiesOf("bad"))).isEqualTo(Messages.bodies(0, 3));
    }

    @Rule(
            id = "RTY-9",
            history = HistoryScope.TO_THE_END,
            check = "what is sent to Address.Redelivery: its headers, deliverAtMillis, and that it comes back to"
                    + " the source",
            needs = Capability.DELAY)
    void longWaitsAreSpentAtTheBroker(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Duration delay = Duration.ofMillis(300);
        RetryPolicy policy = RetryPolicy.fixed(3, delay).toBuilder()
                .inPlaceLimit(Duration.ofMillis(50))
                .build();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().startsWith("bad")) {
                throw new RetryRules.Deliberate("always");
            }
            if (delivery.attempt() < 2) {
                throw new RetryRules.Deliberate("once");
            }
        });
        var consumer = t.client().consumer(queue, String.class).retry(policy).start(recorder);
        Message<String> bad = Message.of("bad").withId("bad").withHeader("kept", "yes");
        t.send(queue, bad, Message.of("good").withId("good"));
        t.awaitCount(recorder, 2);
        t.await("no room taken while waiting", () -> consumer.inFlight() == 0);
        t.awaitCompleted(recorder, 1);
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(dead.id()).isEqualTo("bad");
        assertThat(dead.headers()).containsEntry("kept", "yes").containsEntry("mq-dead-attempts", "3");
        assertThat(recorder.attemptsOf("bad")).containsExactly(1, 2, 3);
        assertThat(recorder.attemptsOf("good")).containsExactly(1, 2);
        List<Handled<String>> calls = recorder.callsOf("bad");
        for (int i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i).startedMillis() - calls.get(i - 1).startedMillis())
                    .as("milliseconds before attempt " + (i + 1))
                    .isGreaterThanOrEqualTo(delay.toMillis() - 1);
        }
    }

    @Rule(
            id = "RTY-10",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it redelivers by itself")
    void elapsedTimeIsBounded(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        t.client().consumer(queue, String.class).retry(TWO_IN_TIME).start(recorder);
        t.send(queue, Messages.keyed("k", "late").withId("late"));
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(recorder.attemptsOf("late")).containsExactly(1, 2);
        assertThat(dead.headers()).containsEntry("mq-dead-reason", "EXPIRED");
    }

    @Rule(
            id = "RTY-16",
            history = HistoryScope.TO_THE_END,
            check =
                    "whether what is sent to Address.Redelivery keeps its headers, AnyMQ's included, its key and its time"
                            + " of sending, also for a subscription",
            needs = Capability.DELAY)
    void theWayThroughTheBrokerChangesNothing(TckContext t) throws Exception {
        Topic topic = t.topic().unordered();
        Set<Instant> sentAt = ConcurrentHashMap.newKeySet();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            sentAt.add(delivery.sentAt());
            throw new RetryRules.Deliberate("always");
        });
        RetryPolicy policy =
                TWO_IN_TIME.toBuilder().inPlaceLimit(Duration.ofMillis(50)).build();
        t.client().consumer(topic.subscription("s"), String.class).retry(policy).start(recorder);
        t.send(topic, Messages.keyed("k", "late").withId("late").withHeader("kept", "yes"));
        PlainMessage dead = t.held(topic.name() + "-s-dead", 1).get(0);
        List<Handled<String>> calls = recorder.callsOf("late");
        assertThat(recorder.attemptsOf("late")).containsExactly(1, 2);
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.key()).isEqualTo("k");
            assertThat(call.headers()).containsEntry("kept", "yes");
        });
        assertThat(sentAt).as("times of sending").hasSize(1);
        assertThat(dead.headers()).containsEntry("kept", "yes").containsEntry("mq-dead-reason", "EXPIRED");
        assertThat(Long.parseLong(dead.headers().get("mq-dead-first-at")))
                .as("when the first attempt began")
                .isLessThanOrEqualTo(calls.get(0).startedMillis());
    }

    @Rule(
            id = "RTY-13",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() hands out more while earlier messages are unsettled")
    void waitingTakesNoThread(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().startsWith("m") && delivery.attempt() == 1) {
                throw new RetryRules.Deliberate("once");
            }
        });
        t.client()
                .consumer(queue, String.class)
                .concurrency(2)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1_500)))
                .start(recorder);
        t.send(t.producer(queue), Messages.spread(50, 50));
        t.awaitCount(recorder, 50);
        long failed = System.nanoTime();
        t.send(queue, Messages.keyed("urgent", "urgent").withId("urgent"));
        t.await("the urgent one is handled", () -> !recorder.callsOf("urgent").isEmpty());
        Duration waited = Duration.ofNanos(recorder.callsOf("urgent").get(0).startedNanos() - failed);
        assertThat(waited).as("what the urgent message waited").isLessThan(Duration.ofSeconds(1));
        t.awaitCompleted(recorder, 51);
    }

    @Rule(
            id = "RTY-15",
            history = HistoryScope.TO_THE_END,
            check = "what becomes of a message that waits for its retry when its lane is revoked",
            needs = Capability.PER_KEY_ORDER)
    void consumersMayJoinDuringARetry(TckContext t) throws Exception {
        Queue queue = t.queue();
        CountDownLatch joined = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().equals(Messages.body(1)) && joined.getCount() > 0) {
                throw new RetryRules.Deliberate("until another consumer is there");
            }
        });
        RetryPolicy persistent = RetryPolicy.fixed(100_000, RetryRules.SHORT);
        t.client().consumer(queue, String.class).retry(persistent).start(recorder);
        t.send(t.producer(queue), Messages.spread(40, 4));
        t.awaitAsserted(() -> assertThat(recorder.callsOf(idOf(recorder, 1))).hasSizeGreaterThan(2));
        t.openClient().consumer(queue, String.class).retry(persistent).start(recorder);
        t.send(t.producer(queue), Messages.spread(40, 80, 4));
        t.awaitAsserted(
                () -> assertThat(Order.firsts(recorder.bodiesOf("key-0"))).hasSize(20));
        joined.countDown();
        t.awaitAsserted(() -> assertThat(Order.firsts(recorder.bodies())).hasSize(80));
        t.await("no handler runs", () -> recorder.running() == 0);
        Order.everyKeyWithoutGap(recorder, 80, 4);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "RTY-17",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() goes on handing out messages of other lanes, whatever is unsettled of one",
            needs = Capability.PER_KEY_ORDER)
    void aHotKeyStopsNoOtherLane(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch mended = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if ("hot".equals(delivery.key()) && mended.getCount() > 0) {
                throw new RetryRules.Deliberate("until others are done");
            }
        });
        var consumer = t.client()
                .consumer(queue, String.class)
                .concurrency(2)
                .flow(FlowControl.ofMaxInFlight(20))
                .retry(RetryPolicy.fixed(100_000, RetryRules.SHORT))
                .start(recorder);
        t.send(t.producer(queue), Messages.ofKey("hot", 60));
        t.await("the hot key is in retry", () -> recorder.bodiesOf("hot").size() > 1);
        t.await("as many are there as fit in flight", () -> consumer.inFlight() >= 20);
        t.send(t.producer(queue), Messages.spread(64, 64));
        // the hot key's lane, one of two perhaps, may hold up the other keys that it has
        t.awaitCompleted(recorder, 16);
        assertThat(recorder.bodiesOf("hot")).containsOnly(Messages.body(0));
        mended.countDown();
        t.awaitCompleted(recorder, 124);
        assertThat(Order.firsts(recorder.bodiesOf("hot"))).isEqualTo(Messages.bodies(0, 60));
    }

    private static String idOf(RecordingHandler<String> recorder, int number) {
        return recorder.calls().stream()
                .filter(call -> call.body().equals(Messages.body(number)))
                .map(Handled::id)
                .findFirst()
                .orElse("");
    }
}
