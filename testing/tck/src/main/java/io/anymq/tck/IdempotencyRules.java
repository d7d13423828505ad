package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.Topic;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.spi.Capability;
import io.anymq.spi.WireHeaders;
import io.anymq.tck.wrap.Tap;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** IDM: the effect happens once. */
final class IdempotencyRules {
    private static final Duration A_WHILE = Duration.ofMillis(300);

    private static Message<String> message(String id, String body) {
        return Messages.keyed("k", body).withId(id);
    }

    private static final Duration RETENTION = Duration.ofSeconds(1);

    @Rule(
            id = "IDM-1",
            history = HistoryScope.TO_THE_END,
            check = "whether the message id survives the way through the broker")
    void duplicateIsSkipped(TckContext t) {
        Queue queue = t.queue();
        TckStore store = new TckStore();
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        t.send(queue, message("a", "1"), message("a", "1"), message("b", "2"), message("a", "1"), message("c", "3"));
        t.awaitCompleted(recorder, 3);
        t.await("all is settled", () -> consumer.inFlight() == 0);
        consumer.close();
        RecordingHandler<String> without = t.recorder();
        t.client().consumer(queue, String.class).start(without);
        t.send(queue, message("z", "sentinel"));
        t.awaitCompleted(without, 1);
        assertThat(recorder.ids()).containsExactly("a", "b", "c");
        assertThat(without.ids()).as("left behind").containsExactly("z");
    }

    @Rule(id = "IDM-2", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void failureGivesTheClaimBack(TckContext t) {
        Queue queue = t.queue();
        TckStore store = new TckStore();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() < 3) {
                throw new RetryRules.Deliberate("not yet");
            }
        });
        t.client()
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        t.send(queue, message("a", "1"), message("a", "1"), message("b", "2"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.attemptsOf("a")).containsExactly(1, 2, 3);
        assertThat(recorder.attemptsOf("b")).containsExactly(1, 2, 3);
        t.await("both are marked as done", () -> store.done() == 2);
    }

    @Rule(
            id = "IDM-3",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it settles by itself")
    void busyIsNotDone(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap("");
        TckStore store = new TckStore();
        store.busy(true);
        RecordingHandler<String> recorder = t.recorder();
        t.openClient(tap)
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        t.send(queue, message("a", "1"), message("b", "2"));
        t.await("the claim is asked for more than once", () -> store.busies() >= 2);
        t.holds("nothing is handled", A_WHILE, () -> recorder.count() == 0);
        assertThat(tap.count(Tap.Kind.ACKNOWLEDGED, "a")).isZero();
        store.busy(false);
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.ids()).containsExactly("a", "b");
        assertThat(recorder.attemptsOf("a")).containsExactly(1);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "IDM-4",
            history = HistoryScope.TO_THE_END,
            check = "nothing in the adapter, unless it settles by itself")
    void nothingHappensWithoutTheStore(TckContext t) throws Exception {
        Queue queue = t.queue();
        Tap tap = new Tap("");
        TckStore store = new TckStore();
        store.down(true);
        RecordingHandler<String> recorder = t.recorder();
        t.openClient(tap)
                .consumer(queue, String.class)
                .retry(RetryPolicy.fixed(2, RetryRules.SHORT))
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        t.send(t.producer(queue), Messages.spread(10, 3));
        t.await("the store is asked again and again", () -> store.refusals() >= 6);
        t.holds("nothing is handled", A_WHILE, () -> recorder.count() == 0);
        assertThat(tap.events()).noneMatch(event -> event.kind() == Tap.Kind.ACKNOWLEDGED);
        t.held(queue.name() + "-dead", 0);
        store.down(false);
        t.awaitCompleted(recorder, 10);
        Order.everyKeyInOrder(recorder, 10, 3);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(id = "IDM-5", check = "whether the bytes of the body are the same on every delivery")
    void otherBodyIsAConflict(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client()
                .consumer(queue, String.class)
                .idempotency(IdempotencyPolicy.with(new TckStore()))
                .start(recorder);
        t.send(queue, message("a", "one"), message("a", "another"), message("b", "next"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.bodies()).containsExactly("one", "next");
        PlainMessage dead = t.held(queue.name() + "-dead", 1).get(0);
        assertThat(dead.id()).isEqualTo("a");
        assertThat(dead.body()).isEqualTo(Messages.utf8("another"));
        assertThat(dead.headers()).containsEntry(WireHeaders.DEAD_REASON, "ID_CONFLICT");
    }

    @Rule(id = "IDM-6", check = "whether headers arrive unchanged")
    void businessKeyCounts(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client()
                .consumer(queue, String.class)
                .idempotency(
                        IdempotencyPolicy.with(new TckStore()),
                        delivery -> delivery.headers().getOrDefault("order", "none"))
                .start(recorder);
        t.send(
                queue,
                message("id-1", "same").withHeader("order", "7"),
                message("id-2", "same but for a time stamp").withHeader("order", "7"),
                message("id-3", "same").withHeader("order", "8"));
        t.awaitCompleted(recorder, 2);
        t.send(queue, message("id-4", "last").withHeader("order", "9"));
        t.awaitCompleted(recorder, 3);
        assertThat(recorder.ids()).containsExactly("id-1", "id-3", "id-4");
    }

    @Rule(
            id = "IDM-7",
            history = HistoryScope.TO_THE_END,
            check = "whether the message id survives the way through the broker")
    void concurrentDuplicatesHaveOneEffect(TckContext t) {
        Queue queue = t.queue().unordered();
        TckStore store = new TckStore();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.id().equals("dup")) {
                t.pass(gate);
            }
        });
        for (MessagingClient client : List.of(t.client(), t.openClient())) {
            client.consumer(queue, String.class)
                    .idempotency(IdempotencyPolicy.with(store))
                    .start(recorder);
        }
        for (int i = 0; i < 8; i++) {
            t.send(queue, Message.of("same").withId("dup"));
        }
        t.send(t.producer(queue), Messages.unkeyed(20));
        t.awaitCompleted(recorder, 20);
        gate.countDown();
        t.awaitCompleted(recorder, 21);
        t.await("one is marked, with the others", () -> store.done() == 21);
        t.holds("no second effect", A_WHILE, () -> recorder.callsOf("dup").size() == 1);
    }

    @Rule(id = "IDM-8", history = HistoryScope.TO_THE_END, check = "nothing in the adapter", needs = Capability.TOPICS)
    void subscriptionsDoNotShareClaims(TckContext t) {
        Topic topic = t.topic();
        TckStore store = new TckStore();
        RecordingHandler<String> one = t.recorder();
        RecordingHandler<String> two = t.recorder();
        t.client()
                .consumer(topic.subscription("one"), String.class)
                .idempotency(IdempotencyPolicy.with(store))
                .start(one);
        t.client()
                .consumer(topic.subscription("two"), String.class)
                .idempotency(IdempotencyPolicy.with(store))
                .start(two);
        t.send(t.producer(topic), List.of(message("a", "1"), message("a", "1"), message("b", "2")));
        t.awaitCompleted(one, 2);
        t.awaitCompleted(two, 2);
        assertThat(one.ids()).containsExactly("a", "b");
        assertThat(two.ids()).containsExactly("a", "b");
    }

    @Rule(id = "IDM-9", check = "whether the message id survives the dead-letter queue and the redrive")
    void deadUntilRedriven(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue dead = Queue.of(queue.name() + "-dead");
        AtomicBoolean repaired = new AtomicBoolean();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.id().equals("a") && !repaired.get()) {
                throw new RetryRules.Deliberate("not repaired yet");
            }
        });
        t.client()
                .consumer(queue, String.class)
                .retry(RetryPolicy.never())
                .idempotency(IdempotencyPolicy.with(new TckStore()))
                .start(recorder);
        t.send(queue, message("a", "1"));
        t.held(dead.name(), 1);
        t.send(queue, message("a", "1"), message("b", "2"));
        t.awaitCompleted(recorder, 1);
        assertThat(recorder.ids()).containsExactly("a", "b");
        repaired.set(true);
        Duration idle = t.patience().dividedBy(4);
        assertThat(t.get(t.client()
                                .redrive(
                                        dead,
                                        RedriveOptions.builder()
                                                .maxMessages(10)
                                                .maxRedrives(3)
                                                .idle(idle)
                                                .build()))
                        .redriven())
                .isEqualTo(1);
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.ids()).containsExactly("a", "b", "a");
    }

    @Rule(id = "IDM-10", check = "whether confirmed() is called before the broker's answer")
    void doneMeansTheWholeEffect(TckContext t) throws Exception {
        Queue queue = t.queue();
        Queue output = t.queue();
        Tap tap = new Tap(output.name());
        TckStore store = new TckStore();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            delivery.publish(output, Messages.keyed("k", "out"));
            t.pass(gate);
        });
        t.openClient(tap)
                .consumer(queue, String.class)
                .retry(RetryRules.THREE)
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        tap.mode(Tap.Mode.HOLD_CONFIRMS);
        t.send(queue, message("a", "1"));
        t.awaitCount(recorder, 1);
        assertThat(store.done()).as("marked while the handler runs").isZero();
        gate.countDown();
        t.held(output.name(), 1);
        t.holds("not marked while the output is not confirmed", A_WHILE, () -> store.done() == 0);
        tap.mode(Tap.Mode.PASS);
        t.await("marked as done", () -> store.done() == 1);
    }

    @Rule(
            id = "IDM-11",
            history = HistoryScope.TO_THE_END,
            check = "whether the message id survives the way through the broker")
    void aMarkEndsWithItsRetention(TckContext t) {
        Queue queue = t.queue();
        TckStore store = new TckStore();
        RecordingHandler<String> recorder = t.recorder();
        t.client()
                .consumer(queue, String.class)
                .idempotency(
                        IdempotencyPolicy.builder(store).retention(RETENTION).build())
                .start(recorder);
        t.send(queue, message("a", "1"));
        t.await("it is marked", () -> store.done() == 1);
        long marked = System.nanoTime();
        t.await("the mark has ended", () -> System.nanoTime() - marked > RETENTION.toNanos());
        t.send(queue, message("a", "1"));
        t.awaitCompleted(recorder, 2);
        assertThat(recorder.ids()).containsExactly("a", "a");
        assertThat(recorder.attemptsOf("a")).containsExactly(1, 1);
    }

    @Rule(
            id = "IDM-12",
            history = HistoryScope.TO_THE_END,
            check = "whether what is sent to Address.Redelivery keeps its message id",
            needs = Capability.DELAY)
    void retriesThroughTheBrokerHaveOneEffect(TckContext t) throws Exception {
        Queue queue = t.queue().unordered();
        TckStore store = new TckStore();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            if (delivery.attempt() == 1) {
                throw new RetryRules.Deliberate("once");
            }
        });
        RetryPolicy policy = RetryPolicy.fixed(3, Duration.ofMillis(300)).toBuilder()
                .inPlaceLimit(Duration.ofMillis(50))
                .build();
        t.client()
                .consumer(queue, String.class)
                .retry(policy)
                .idempotency(IdempotencyPolicy.with(store))
                .start(recorder);
        List<Message<String>> twice = IntStream.range(0, 20)
                .mapToObj(i -> Message.of("m" + i / 2).withId("m" + i / 2))
                .toList();
        t.send(t.producer(queue), twice);
        t.await("the other copies are recognized", () -> store.duplicates() == 10);
        t.awaitCompleted(recorder, 10);
        assertThat(recorder.calls().stream().filter(call -> call.attempt() > 1).map(Handled::id))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
        t.held(queue.name() + "-dead", 0);
    }
}
