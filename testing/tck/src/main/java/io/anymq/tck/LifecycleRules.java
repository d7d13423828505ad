package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.SendException;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** LIF: pause and close. */
final class LifecycleRules {
    private static final int MANY = 200;
    private static final int BEFORE_CLOSE = 20;

    @Rule(
            id = "LIF-1",
            history = HistoryScope.TO_THE_END,
            check = "whether close() of a receiver makes acknowledgements durable and gives back the rest")
    void gracefulCloseLosesNothing(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        CountDownLatch gate = t.gate();
        recorder.doing(delivery -> {
            if (recorder.count() > BEFORE_CLOSE) {
                t.pass(gate);
            }
        });
        MessagingClient leaving = t.openClient();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.spread(MANY, 10));
        Consumer first = leaving.consumer(queue, String.class).concurrency(4).start(recorder);
        t.await("four handlers are busy", () -> recorder.running() == 4 && recorder.completed() >= BEFORE_CLOSE - 3);
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(first::close, task -> new Thread(task, "tck-closer").start());
        t.await("what was not begun is handed back", () -> first.inFlight() <= 4);
        gate.countDown();
        t.get(closing);
        int handledByFirst = recorder.count();
        assertThat(recorder.running()).as("handlers after close").isZero();
        assertThat(handledByFirst)
                .as("handled before the close, which came in between")
                .isLessThan(MANY);
        leaving.close();
        t.client().consumer(queue, String.class).concurrency(4).start(recorder);
        t.awaitCompleted(recorder, MANY);
        Order.everyKeyInOrder(recorder, MANY, 10);
        assertThat(recorder.count())
                .as("calls, " + handledByFirst + " of them before the close")
                .isEqualTo(MANY);
        t.held(queue.name() + "-dead", 0);
    }

    @Rule(
            id = "LIF-2",
            history = HistoryScope.TO_THE_END,
            check = "whether release() or a closed receiver raises deliveryCount()")
    void closeSpendsNoAttempt(TckContext t) {
        Queue queue = t.queue();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.spread(30, 6));
        int done = 0;
        for (int round = 0; round < 4; round++) {
            done += closeWhileTwoHandlersRun(t, queue);
        }
        RecordingHandler<String> second = t.recorder();
        t.client().consumer(queue, String.class).start(second);
        t.awaitCompleted(second, 30 - done);
        assertThat(second.calls())
                .as("handed back by the closes")
                .allSatisfy(call -> assertThat(call.attempt()).isEqualTo(1));
    }

    /** Everything but two messages is handed back; returns how many were handled. */
    private static int closeWhileTwoHandlersRun(TckContext t, Queue queue) {
        RecordingHandler<String> first = t.recorder();
        CountDownLatch gate = t.gate();
        first.doing(delivery -> t.pass(gate));
        Consumer stuck =
                t.openClient().consumer(queue, String.class).concurrency(2).start(first);
        t.await("two handlers run", () -> first.running() == 2);
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(stuck::close, task -> new Thread(task, "tck-closer").start());
        t.await("what was not begun is handed back", () -> stuck.inFlight() <= 2);
        gate.countDown();
        t.get(closing);
        assertThat(first.calls())
                .as("handed back by earlier closes")
                .allSatisfy(call -> assertThat(call.attempt()).isEqualTo(1));
        return first.ids().size();
    }

    @Rule(
            id = "LIF-3",
            history = HistoryScope.TO_THE_END,
            check = "whether close() of a receiver makes what it held available again")
    void closeDeadLettersNothing(TckContext t) throws Exception {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> {
            throw new RetryRules.Deliberate("always");
        });
        MessagingClient leaving = t.openClient();
        leaving.consumer(queue, String.class)
                .retry(RetryPolicy.fixed(3, Duration.ofMinutes(10)))
                .start(recorder);
        t.send(t.producer(queue), Messages.spread(10, 10));
        t.awaitCount(recorder, 10);
        long start = System.nanoTime();
        leaving.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("time to close while retries wait")
                .isLessThan(Duration.ofSeconds(10));
        t.held(queue.name() + "-dead", 0);
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.awaitCompleted(next, 10);
        assertThat(next.bodies()).containsExactlyInAnyOrderElementsOf(Messages.bodies(0, 10));
    }

    @Rule(
            id = "LIF-4",
            history = HistoryScope.TO_THE_END,
            check = "whether receive(0, …) hands out nothing and keeps the lanes")
    void pauseAndResume(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        Consumer consumer = t.client().consumer(queue, String.class).start(recorder);
        t.send(t.producer(queue), Messages.spread(0, 10, 3));
        t.awaitCompleted(recorder, 10);
        consumer.pause();
        assertThat(consumer.isPaused()).isTrue();
        t.send(t.producer(queue), Messages.spread(10, 30, 3));
        t.holds("no handler starts while paused", Duration.ofMillis(500), () -> recorder.count() == 10);
        consumer.resume();
        assertThat(consumer.isPaused()).isFalse();
        t.awaitCompleted(recorder, 30);
        Order.everyKeyInOrder(recorder, 30, 3);
    }

    @Rule(id = "LIF-6", check = "whether close() may be called again on sender, receiver and connection")
    void closeIsIdempotent(TckContext t) {
        Queue queue = t.queue();
        MessagingClient client = t.openClient();
        Consumer consumer = client.consumer(queue, String.class).start(delivery -> {});
        Producer<String> producer = client.producer(queue, String.class);
        List<CompletableFuture<Void>> closers = new ArrayList<>();
        for (AutoCloseable closeable : List.of(consumer, consumer, producer, producer, client, client, consumer)) {
            closers.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            closeable.close();
                        } catch (Exception e) {
                            throw new AssertionError("close throws", e);
                        }
                    },
                    task -> new Thread(task, "tck-closer").start()));
        }
        closers.forEach(t::get);
        consumer.close();
        consumer.close(Duration.ZERO);
        producer.close();
        producer.close(Duration.ZERO);
        client.close();
    }

    @Rule(id = "LIF-7", check = "nothing in the adapter")
    void closedIsSaid(TckContext t) {
        Queue queue = t.queue();
        MessagingClient client = t.openClient();
        Producer<String> producer = client.producer(queue, String.class);
        Producer<String> other = client.producer(queue, String.class);
        producer.close();
        SendException failure = t.failure(producer.send("late"));
        assertThat(failure.code()).isEqualTo(ErrorCode.CLOSED);
        assertThat(failure.outcome()).isEqualTo(SendException.Outcome.REJECTED);
        t.send(other, List.of(Message.of("the other one works")));
        client.close();
        assertThat(t.failure(other.send("late")).code()).isEqualTo(ErrorCode.CLOSED);
        t.refused(ErrorCode.CLOSED, () -> client.producer(queue, String.class));
        t.refused(ErrorCode.CLOSED, () -> client.consumer(queue, String.class).start(delivery -> {}));
        t.refused(ErrorCode.CLOSED, () -> client.provision(queue));
        t.refused(
                ErrorCode.CLOSED,
                () -> t.get(client.redrive(Queue.of(queue.name() + "-dead"), RedriveOptions.DEFAULT)));
        assertThat(client.health(Duration.ofSeconds(1)).status()).isEqualTo(io.anymq.Health.Status.DOWN);
    }

    @Rule(
            id = "LIF-8",
            history = HistoryScope.TO_THE_END,
            check = "whether acknowledge() just before close() takes effect")
    void runningHandlerFinishes(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> t.pass(gate));
        MessagingClient leaving = t.openClient();
        Consumer consumer = leaving.consumer(queue, String.class).start(recorder);
        t.send(queue, Messages.keyed("k", "running"));
        t.awaitCount(recorder, 1);
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(consumer::close, task -> new Thread(task, "tck-closer").start());
        t.holds("close waits for the handler", Duration.ofMillis(200), () -> !closing.isDone());
        gate.countDown();
        t.get(closing);
        assertThat(recorder.completed()).isEqualTo(1);
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.send(queue, Messages.keyed("k", "sentinel"));
        t.awaitCompleted(next, 1);
        assertThat(next.bodies()).containsExactly("sentinel");
    }

    @Rule(id = "LIF-10", check = "whether close() of a sender waits for outcomes")
    void producerCloseWaits(TckContext t) throws Exception {
        Queue queue = t.queue();
        Producer<String> producer = t.producer(queue);
        List<CompletableFuture<Receipt>> sends = new ArrayList<>();
        for (Message<String> message : Messages.spread(MANY, 10)) {
            sends.add(producer.send(message));
        }
        producer.close();
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        t.held(queue.name(), MANY);
    }

    @Rule(id = "LIF-11", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void clientClosesItsOwn(TckContext t) {
        Queue queue = t.queue();
        MessagingClient client = t.openClient();
        RecordingHandler<String> recorder = t.recorder();
        client.consumer(queue, String.class).start(recorder);
        Producer<String> producer = client.producer(queue, String.class);
        t.send(producer, Messages.spread(5, 2));
        t.awaitCompleted(recorder, 5);
        client.close();
        assertThat(t.failure(producer.send("late")).code()).isEqualTo(ErrorCode.CLOSED);
        t.send(queue, Messages.keyed("k", "for the next"));
        RecordingHandler<String> next = t.recorder();
        t.client().consumer(queue, String.class).start(next);
        t.awaitCompleted(next, 1);
        assertThat(next.bodies()).containsExactly("for the next");
        assertThat(recorder.count()).isEqualTo(5);
    }

    @Rule(id = "LIF-15", check = "nothing in the adapter")
    void theEndIsTold(TckContext t) throws Exception {
        MessagingClient client = t.openClient();
        CountDownLatch release = new CountDownLatch(1);
        RecordingHandler<String> slow = t.<String>recorder().doing(delivery -> release.await());
        Queue queue = t.queue();
        Consumer consumer = client.consumer(queue, String.class).start(slow);
        CompletableFuture<Void> ended = consumer.whenClosed();
        t.send(queue, Message.of("slow"));
        t.awaitCount(slow, 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
        t.await("the client closes", () -> client.health(Duration.ofSeconds(1)).status() == Health.Status.DOWN);
        assertThat(client.awaitShutdown(Duration.ofMillis(50)))
                .as("closed with a handler running")
                .isFalse();
        assertThat(ended).isNotDone();
        release.countDown();
        t.get(closing);
        client.awaitShutdown();
        assertThat(ended).isCompleted();
        assertThat(slow.completed()).isEqualTo(1);

        Queue other = t.queue();
        Consumer stopped = t.openClient()
                .consumer(other, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.stop())
                .start(delivery -> {
                    throw new RetryRules.Deliberate("this stops the consumer");
                });
        t.send(other, Message.of("bad"));
        t.await("the consumer has stopped", () -> stopped.whenClosed().isDone());
        Throwable failure = stopped.whenClosed().handle((nothing, why) -> why).join();
        assertThat(failure).isInstanceOf(MessagingException.class).hasMessageContaining("STOP");
    }
}
