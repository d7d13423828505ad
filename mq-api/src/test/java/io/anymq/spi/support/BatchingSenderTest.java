package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BatchingSenderTest {
    private final Blocking sender = new Blocking();

    @AfterEach
    void close() throws Exception {
        sender.mayGo.release(1_000);
        sender.close(Duration.ofSeconds(5));
        sender.released.await();
    }

    @Test
    void whatComesWhileABatchIsUnderWayGoesInTheNext() {
        sender.send(new Sent("a"));
        await().until(() -> sender.mayGo.hasQueuedThreads());
        List<Sent> more = List.of(new Sent("b"), new Sent("c"), new Sent("d"), new Sent("e"));
        sender.send(more.get(0));
        more.subList(1, 4).forEach(sender::send);
        sender.mayGo.release(3);
        await().until(() -> more.stream().allMatch(sent -> sent.outcome != null));
        assertThat(sender.batches).containsExactly(List.of("a"), List.of("b", "c", "d"), List.of("e"));
        assertThat(more).allMatch(sent -> "confirmed".equals(sent.outcome));
    }

    @Test
    void aBatchThatIsLargeEnoughGetsNoFurtherMessage() {
        sender.send(new Sent("a"));
        await().until(() -> sender.mayGo.hasQueuedThreads());
        List<Sent> more = List.of(new Sent("b"), new Sent("c"), new Sent("d"));
        more.get(0).bodyBytes = 60;
        more.get(1).bodyBytes = 40;
        more.forEach(sender::send);
        sender.mayGo.release(3);
        await().until(() -> more.stream().allMatch(sent -> sent.outcome != null));
        assertThat(sender.batches).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    }

    @Test
    void whatIsThrownIsTheOutcomeOfTheBatch() {
        sender.failure = new IllegalStateException("broken");
        Sent sent = new Sent("a");
        sender.mayGo.release();
        sender.send(sent);
        await().until(() -> sent.outcome != null);
        assertThat(sent.outcome).isEqualTo("unknown INTERNAL");

        Sent next = new Sent("b");
        sender.failure = null;
        sender.mayGo.release();
        sender.send(next);
        await().until(() -> "confirmed".equals(next.outcome));
    }

    @Test
    void whatIsKeptBackWhileItWaitsDoesNotLeave() {
        sender.send(new Sent("a"));
        await().until(() -> sender.mayGo.hasQueuedThreads());
        List<Sent> more = List.of(new Sent("b"), new Sent("c"), new Sent("d"));
        more.forEach(sender::send);
        more.get(1).keptBack = true;
        sender.mayGo.release(2);
        await().until(() -> "confirmed".equals(more.get(2).outcome));
        assertThat(sender.batches).containsExactly(List.of("a"), List.of("b", "d"));
        assertThat(more.get(1).outcome).as("the engine's to report").isNull();
    }

    @Test
    void closeLetsTheBatchUnderWayEndAndRefusesWhatWaits() throws Exception {
        Sent leaving = new Sent("leaving");
        sender.send(leaving);
        await().until(() -> sender.mayGo.hasQueuedThreads());
        Sent behind = new Sent("behind");
        sender.send(behind);
        sender.mayGo.release(2);
        sender.close(Duration.ofSeconds(10));
        sender.released.await();
        assertThat(leaving.outcome).isEqualTo("confirmed");
        assertThat(behind.outcome).isIn("rejected CLOSED", "confirmed");
        Sent late = new Sent("late");
        sender.send(late);
        assertThat(late.outcome).isEqualTo("rejected CLOSED");
    }

    @Test
    void closeWaitsNoLongerThanItMay() throws Exception {
        Sent stuck = new Sent("stuck");
        sender.send(stuck);
        await().until(() -> sender.mayGo.hasQueuedThreads());
        Sent behind = new Sent("behind");
        sender.send(behind);
        sender.close(Duration.ofMillis(20));
        sender.released.await();
        assertThat(behind.outcome).isEqualTo("rejected CLOSED");
        assertThat(stuck.outcome).isEqualTo("unknown INTERNAL");
    }

    @Test
    void anAdapterThatCannotBeInterruptedHoldsUpNoClose() throws Exception {
        sender.deaf = true;
        Sent first = new Sent("first");
        sender.send(first);
        await().until(() -> sender.mayGo.hasQueuedThreads());
        sender.close(Duration.ofMillis(20));
        assertThat(first.outcome).as("the engine's to report").isNull();
        sender.mayGo.release();
        sender.released.await();
    }

    private static final class Blocking extends BatchingSender {
        final Semaphore mayGo = new Semaphore(0);
        final CountDownLatch released = new CountDownLatch(1);
        final List<List<String>> batches = new CopyOnWriteArrayList<>();
        volatile @Nullable RuntimeException failure;
        volatile boolean deaf;

        Blocking() {
            super("test", 3, 100);
            start();
        }

        @Override
        protected void sendBatch(List<OutboundMessage> batch) {
            List<String> ids = new ArrayList<>();
            batch.forEach(message -> ids.add(message.id()));
            try {
                if (deaf) {
                    mayGo.acquireUninterruptibly();
                } else {
                    mayGo.acquire();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            if (failure != null) {
                throw failure;
            }
            batches.add(ids);
            batch.forEach(message -> message.confirmed(null));
        }

        @Override
        protected void release() {
            released.countDown();
        }
    }
}
