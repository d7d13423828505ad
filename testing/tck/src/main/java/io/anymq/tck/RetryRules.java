package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** RTY: trying again. */
final class RetryRules {
    static final Duration SHORT = Duration.ofMillis(20);
    static final RetryPolicy THREE = RetryPolicy.fixed(3, SHORT);

    /** The failure of a rule's handler. */
    static final class Deliberate extends Exception {
        private static final long serialVersionUID = 1L;

        Deliberate(String message) {
            super(message);
        }
    }

    /** The permanent failure of a rule's handler. */
    static final class Pointless extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Pointless(String message) {
            super(message);
        }
    }

    @Rule(
            id = "RTY-1",
            history = HistoryScope.TO_THE_END,
            check = "whether deliveryCount() is 1 for a message that was never given to a handler")
    void attemptsCount(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() < 4) {
                throw new Deliberate("not yet");
            }
        });
        t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.fixed(5, SHORT))
                .start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "keyed").withId("keyed"),
                Message.of("free").withId("free"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.attemptsOf("keyed")).containsExactly(1, 2, 3, 4);
        assertThat(recorder.attemptsOf("free")).containsExactly(1, 2, 3, 4);
    }

    @Rule(
            id = "RTY-2",
            history = HistoryScope.TO_THE_END,
            check = "whether the broker redelivers by itself while the engine waits")
    void backoffIsKept(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() < 4) {
                throw new Deliberate("not yet");
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
            id = "RTY-3",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it redelivers by itself")
    void permanentIsNotRetried(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new Pointless("never");
        });
        RetryPolicy policy = THREE.toBuilder().permanentOn(Pointless.class).build();
        t.client().consumer(queue, String.class).retry(policy).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "1").withId("1"),
                Messages.keyed("k", "2").withId("2"));
        t.held(queue.name() + "-dead", 2);
        assertThat(recorder.ids()).containsExactly("1", "2");
    }

    @Rule(
            id = "RTY-4",
            history = HistoryScope.TO_THE_END,
            check = "whether the broker redelivers a message that was acknowledged")
    void attemptsEnd(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().equals("bad")) {
                throw new Deliberate("always");
            }
        });
        t.client().consumer(queue, String.class).retry(THREE).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "bad").withId("bad"),
                Messages.keyed("k", "good").withId("good"));
        t.awaitCompleted(recorder, 1);
        t.held(queue.name() + "-dead", 1);
        assertThat(recorder.attemptsOf("bad")).containsExactly(1, 2, 3);
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
                throw new Deliberate("not yet");
            }
        });
        t.client().consumer(queue, String.class).retry(THREE).start(recorder);
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
                throw new Deliberate("until the others are done");
            }
        });
        RetryPolicy persistent = RetryPolicy.fixed(100_000, SHORT);
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
            id = "RTY-7",
            history = HistoryScope.TO_THE_END,
            check = "whether acknowledge() takes effect before close() returns")
    void successSettles(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> first = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 1) {
                throw new Deliberate("once");
            }
        });
        var client = t.openClient();
        client.consumer(queue, String.class).retry(THREE).start(first);
        t.send(t.producer(queue), Messages.spread(10, 3));
        t.awaitCompleted(first, 10);
        client.close();
        RecordingHandler<String> second = t.recorder();
        t.client().consumer(queue, String.class).start(second);
        t.send(queue, Messages.keyed("key-0", "sentinel"), Messages.keyed("key-1", "sentinel"));
        t.awaitCompleted(second, 2);
        assertThat(second.bodies()).containsOnly("sentinel");
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "RTY-8",
            history = HistoryScope.TO_THE_END,
            check = "whether the message's data changes after it was received")
    void everyAttemptSeesTheSame(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() < 3) {
                throw new Deliberate("not yet");
            }
        });
        t.client().consumer(queue, String.class).retry(THREE).start(recorder);
        t.send(queue, Messages.keyed("ключ", "тело").withId("same").withHeaders(Map.of("a", "1", "b", "zwei")));
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.calls()).hasSize(3).allSatisfy(call -> {
            assertThat(call.id()).isEqualTo("same");
            assertThat(call.key()).isEqualTo("ключ");
            assertThat(call.body()).isEqualTo("тело");
            assertThat(call.headers()).isEqualTo(Map.of("a", "1", "b", "zwei"));
        });
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
                throw new Deliberate("always");
            }
            if (delivery.attempt() < 2) {
                throw new Deliberate("once");
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
            throw new Deliberate("always");
        });
        // the second wait would be 20 s, so that neither a slow machine nor a quick one changes the number of attempts
        RetryPolicy policy = RetryPolicy.exponential(1_000).toBuilder()
                .initialDelay(Duration.ofMillis(200))
                .multiplier(100)
                .maxDelay(Duration.ofHours(1))
                .maxElapsed(Duration.ofSeconds(10))
                .build();
        t.client().consumer(queue, String.class).retry(policy).start(recorder);
        t.send(queue, Messages.keyed("k", "late").withId("late"));
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(recorder.attemptsOf("late")).containsExactly(1, 2);
        assertThat(dead.headers()).containsEntry("mq-dead-reason", "EXPIRED");
    }

    @Rule(
            id = "RTY-11",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it settles whole batches")
    void failedBatchIsTriedOneByOne(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Set<String> done = ConcurrentHashMap.newKeySet();
        Map<String, Integer> alone = new ConcurrentHashMap<>();
        CompletableFuture<Integer> largest = new CompletableFuture<>();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.unkeyed(20));
        t.client().consumer(queue, String.class).retry(THREE).startBatch(20, deliveries -> {
            if (deliveries.size() == 1) {
                alone.merge(deliveries.get(0).body(), 1, Integer::sum);
            } else {
                largest.complete(deliveries.size());
            }
            if (deliveries.stream().anyMatch(delivery -> delivery.body().equals(Messages.body(3)))) {
                throw new Deliberate("one of them is bad");
            }
            deliveries.forEach(delivery -> done.add(delivery.body()));
        });
        t.await("the others are done", () -> done.size() == 19);
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(new String(dead.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(Messages.body(3));
        assertThat(alone).as("tried alone").containsKey(Messages.body(3));
        assertThat(done).doesNotContain(Messages.body(3));
        assertThat(largest).as("a call with several messages").isCompleted();
    }

    @Rule(id = "RTY-12", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void failedStageIsAFailedAttempt(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().consumer(queue, String.class).retry(THREE).startAsync(delivery -> {
            recorder.handle(delivery);
            CompletableFuture<Void> later = new CompletableFuture<>();
            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS).execute(() -> {
                if (delivery.attempt() < 3) {
                    later.completeExceptionally(new Deliberate("not yet"));
                } else {
                    later.complete(null);
                }
            });
            return later;
        });
        t.send(
                queue,
                Messages.keyed("k", "1").withId("1"),
                Messages.keyed("k", "2").withId("2"));
        t.awaitCount(recorder, 6);
        assertThat(recorder.ids()).containsExactly("1", "1", "1", "2", "2", "2");
        assertThat(recorder.attemptsOf("2")).containsExactly(1, 2, 3);
    }

    @Rule(
            id = "RTY-13",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() hands out more while earlier messages are unsettled")
    void waitingTakesNoThread(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.body().startsWith("m") && delivery.attempt() == 1) {
                throw new Deliberate("once");
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
            id = "RTY-14",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it redelivers by itself")
    void whatIsNotListedIsPermanent(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.id().equals("listed")) {
                throw new Deliberate("worth another attempt");
            }
            throw new Pointless("not listed");
        });
        RetryPolicy policy = THREE.toBuilder().retryOn(Deliberate.class).build();
        t.client().consumer(queue, String.class).retry(policy).start(recorder);
        t.send(
                queue,
                Messages.keyed("k", "1").withId("listed"),
                Messages.keyed("k", "2").withId("other"));
        assertThat(t.held(queue.name() + "-dead", 2))
                .extracting(dead -> String.valueOf(dead.headers().get("mq-dead-reason")))
                .containsExactlyInAnyOrder("MAX_ATTEMPTS", "PERMANENT");
        assertThat(recorder.attemptsOf("listed")).containsExactly(1, 2, 3);
        assertThat(recorder.attemptsOf("other")).containsExactly(1);
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
                throw new Deliberate("until another consumer is there");
            }
        });
        RetryPolicy persistent = RetryPolicy.fixed(100_000, SHORT);
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

    private static String idOf(RecordingHandler<String> recorder, int number) {
        return recorder.calls().stream()
                .filter(call -> call.body().equals(Messages.body(number)))
                .map(Handled::id)
                .findFirst()
                .orElse("");
    }
}
