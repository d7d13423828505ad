package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Consumer;
import io.anymq.Queue;
import io.anymq.policy.FlowControl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** FLW: how much at a time, and how fast. */
final class FlowRules {
    private static final int BACKLOG = 300;

    @Rule(
            id = "FLW-1",
            history = HistoryScope.TO_THE_END,
            check = "whether receive() hands out enough messages to keep all handlers busy")
    void concurrencyIsExact(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> t.pass(gate));
        t.client().consumer(queue, String.class).concurrency(5).start(recorder);
        t.send(t.producer(queue), Messages.spread(40, 40));
        t.await("five handlers run", () -> recorder.running() == 5);
        t.holds("no sixth one", Duration.ofMillis(200), () -> recorder.running() == 5);
        gate.countDown();
        t.awaitCompleted(recorder, 40);
        assertThat(recorder.peak()).isEqualTo(5);
    }

    @Rule(
            id = "FLW-2",
            history = HistoryScope.TO_THE_END,
            check = "whether receive(max, …) returns at most max messages")
    void inFlightIsBounded(TckContext t) {
        Queue queue = t.queue();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> recorder = t.<String>recorder().doing(delivery -> t.pass(gate));
        // All are there before anybody asks: what arrives one by one is never more than was asked for.
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.spread(60, 60));
        Consumer consumer = t.client()
                .consumer(queue, String.class)
                .concurrency(3)
                .flow(FlowControl.ofMaxInFlight(7))
                .start(recorder);
        t.await("three handlers run", () -> recorder.running() == 3);
        t.holds("at most seven in flight", Duration.ofMillis(200), () -> consumer.inFlight() <= 7);
        gate.countDown();
        t.awaitCompleted(recorder, 60);
        t.await("none in flight", () -> consumer.inFlight() == 0);
    }

    /** Without a history: slow handlers outlast the hand-over of their lanes, so the other consumer repeats theirs. */
    @Rule(id = "FLW-4", check = "how many messages a receiver fetches in advance; see WindowedReceiver")
    void aBacklogIsShared(TckContext t) {
        Queue queue = t.queue().unordered();
        CountDownLatch gate = t.gate();
        RecordingHandler<String> slow = t.<String>recorder().doing(delivery -> t.pass(gate));
        RecordingHandler<String> quick = t.recorder();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.unkeyed(BACKLOG));
        t.openClient()
                .consumer(queue, String.class)
                .concurrency(2)
                .drainTimeout(Duration.ofMillis(200))
                .start(slow);
        t.await("two slow handlers run", () -> slow.running() == 2);
        t.openClient().consumer(queue, String.class).start(quick);
        t.await("another consumer does its part", () -> quick.completed() >= BACKLOG / 3);
        assertThat(slow.completed()).isZero();
        gate.countDown();
    }

    @Rule(id = "FLW-3", history = HistoryScope.TO_THE_END, check = "nothing in the adapter")
    void rateIsBounded(TckContext t) {
        Queue queue = t.queue();
        RecordingHandler<String> recorder = t.recorder();
        t.client().provision(queue);
        t.send(t.producer(queue), Messages.spread(60, 60));
        t.client()
                .consumer(queue, String.class)
                .flow(FlowControl.ofMaxPerSecond(50))
                .start(recorder);
        t.awaitCompleted(recorder, 60);
        List<Handled<String>> calls = recorder.calls();
        Duration span = Duration.ofNanos(
                calls.get(calls.size() - 1).startedNanos() - calls.get(0).startedNanos());
        // A limiter may let a burst of up to a fifth of a second through at the start.
        assertThat(span).as("time for 60 calls at 50 per second").isGreaterThan(Duration.ofMillis(980));
    }
}
