package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.Queue;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** RTY: trying again, and when it ends. */
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
            id = "RTY-11",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it settles whole batches")
    void failedBatchIsTriedOneByOne(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        Set<String> done = ConcurrentHashMap.newKeySet();
        Map<String, Integer> alone = new ConcurrentHashMap<>();
        CompletableFuture<Set<String>> batch = new CompletableFuture<>();
        CompletableFuture<String> bad = new CompletableFuture<>();
        CompletableFuture<Void> several = new CompletableFuture<>();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.unkeyed(20));
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .concurrency(1)
                .retry(THREE)
                .startBatch(20, deliveries -> {
                    several.get(20, TimeUnit.SECONDS);
                    List<String> bodies =
                            deliveries.stream().map(Delivery::body).toList();
                    if (bodies.size() > 1 && bad.complete(bodies.get(bodies.size() - 1))) {
                        batch.complete(Set.copyOf(bodies));
                    }
                    if (bodies.size() == 1 && bad.isDone()) {
                        alone.merge(bodies.get(0), 1, Integer::sum);
                    }
                    if (bodies.contains(bad.getNow(null))) {
                        throw new Deliberate("one of them is bad");
                    }
                    done.addAll(bodies);
                });
        // the first call may have one of them; the next one has the others
        t.await("three messages at the consumer", () -> consumer.inFlight() >= 3);
        several.complete(null);
        t.await("the others are done", () -> done.size() == 19);
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(new String(dead.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(bad.join());
        assertThat(alone.get(bad.join()))
                .as("times that the bad one was tried alone")
                .isBetween(2, 3);
        assertThat(batch.join().stream()
                        .filter(body -> !body.equals(bad.join()))
                        .map(body -> alone.getOrDefault(body, 0)))
                .as("times that each of the others was tried alone")
                .containsOnly(1);
        assertThat(done).doesNotContain(bad.join());
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
}
