package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.VirtualTime;
import io.anymq.internal.support.Sneaky;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyedExecutorTest {
    /** Runs nothing by itself. */
    private static final class Steps implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();
        boolean refuses;

        @Nullable
        Exception failure;

        boolean failsAfterRunning;

        @Override
        public void execute(Runnable runnable) {
            Exception thrown = failure;
            if (thrown != null) {
                if (failsAfterRunning) {
                    runnable.run();
                }
                throw Sneaky.thrown(thrown);
            }
            if (refuses) {
                throw new RejectedExecutionException("full");
            }
            tasks.add(runnable);
        }

        void runAll() {
            Runnable runnable = tasks.poll();
            while (runnable != null) {
                runnable.run();
                runnable = tasks.poll();
            }
        }
    }

    private static final class Script implements KeyedExecutor.Pipeline {
        final List<String> ran = new ArrayList<>();
        final Map<String, Consumer<TestTask>> actions = new HashMap<>();
        final Set<String> gather = new HashSet<>();
        final List<TestTask> batch = new ArrayList<>();
        final List<Throwable> defects = new ArrayList<>();
        boolean rejecting;
        Consumer<List<TestTask>> onFlush = done -> {};
        Consumer<TestTask> otherwise = task -> {};

        void run(TestTask task) {
            ran.add(task.id());
            if (gather.remove(task.id())) {
                batch.add(task);
                return;
            }
            actions.getOrDefault(task.id(), otherwise).accept(task);
        }

        @Override
        public void flush() {
            if (!batch.isEmpty()) {
                List<TestTask> taken = List.copyOf(batch);
                batch.clear();
                onFlush.accept(taken);
            }
        }

        @Override
        public void executorFailed(@Nullable Throwable failure) {
            rejecting = failure != null;
        }

        @Override
        public void defect(KeyedTask task, Throwable failure) {
            defects.add(failure);
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean gathered(KeyedTask task) {
            return !batch.isEmpty() && batch.get(batch.size() - 1) == task;
        }
    }

    private final VirtualTime time = new VirtualTime();
    private final Steps threads = new Steps();
    private final Script script = new Script();

    private KeyedExecutor executor(int concurrency) {
        return executor(concurrency, null);
    }

    private KeyedExecutor executor(int concurrency, RateLimiter limiter) {
        KeyedExecutor executor = new KeyedExecutor(threads, time, concurrency, limiter, script);
        script.otherwise = executor::finished;
        return executor;
    }

    private TestTask task(String id, String key) {
        return new TestTask(id, key, script::run);
    }

    private TestTask submit(KeyedExecutor executor, String id, String key) {
        TestTask task = task(id, key);
        executor.submit(task);
        executor.kick();
        return task;
    }

    @Test
    void messagesOfOneKeyRunInTheOrderOfTheirArrival() {
        KeyedExecutor executor = executor(4);
        for (int i = 1; i <= 5; i++) {
            submit(executor, "m" + i, "k");
        }
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void theNextOfAKeyWaitsUntilTheOneBeforeIsOver() {
        KeyedExecutor executor = executor(4);
        TestTask first = submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        script.actions.put("m1", task -> executor.pend(task));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1");
        script.actions.clear();
        executor.unpark(first);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1", "m2");
    }

    @Test
    void aWorkerGoesOnWithItsKeyItselfAndWakesNobody() {
        KeyedExecutor executor = executor(4);
        for (int i = 1; i <= 5; i++) {
            executor.submit(task("m" + i, "k"));
        }
        executor.kick();
        threads.tasks.remove().run();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m4", "m5");
        assertThat(threads.tasks).isEmpty();
    }

    @Test
    void whatAnotherThreadFinishesWakesAWorkerForTheNextOfItsKey() {
        KeyedExecutor executor = executor(4);
        TestTask first = submit(executor, "m1", "k");
        executor.submit(task("m2", "k"));
        script.otherwise = task -> {};
        threads.runAll();
        executor.finished(first);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void aParkedKeyHoldsUpNobodyElse() {
        KeyedExecutor executor = executor(1);
        script.actions.put("a1", task -> {
            if (task.isFirstRun()) {
                executor.park(task, Duration.ofSeconds(1));
            } else {
                executor.finished(task);
            }
        });
        submit(executor, "a1", "a");
        submit(executor, "a2", "a");
        submit(executor, "b1", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("a1", "b1");
        time.advance(Duration.ofMillis(999));
        threads.runAll();
        assertThat(script.ran).containsExactly("a1", "b1");
        time.advance(Duration.ofMillis(1));
        threads.runAll();
        assertThat(script.ran).containsExactly("a1", "b1", "a1", "a2");
    }

    @Test
    void cancellingTakesOutWhatWasNeverBegun() {
        KeyedExecutor executor = executor(1);
        TestTask first = submit(executor, "m1", "k");
        TestTask second = submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        assertThat(executor.cancel(second)).isTrue();
        assertThat(executor.cancel(first)).isTrue();
        threads.runAll();
        assertThat(script.ran).containsExactly("m3");
    }

    @Test
    void cancellingCallsParkedWorkBackAtOnce() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> {
            if (task.isCancelRequested()) {
                executor.finished(task);
            } else {
                executor.park(task, Duration.ofHours(1));
            }
        });
        TestTask task = submit(executor, "m1", "k");
        threads.runAll();
        assertThat(executor.cancel(task)).isFalse();
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1");
    }

    @Test
    void workThatGoesOnIsNotTakenForNeverBegun() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.pend(task));
        TestTask task = submit(executor, "m1", "k");
        threads.runAll();
        executor.unpark(task);
        assertThat(executor.cancel(task)).isFalse();
    }

    @Test
    void whatWaitsForItsTimeCanBeCancelledWhilePaused() {
        KeyedExecutor executor = executor(1);
        executor.pause();
        TestTask early = task("m1", null);
        executor.submitUnordered(early);
        executor.kick();
        boolean out = executor.cancel(early);
        threads.runAll();
        assertThat(out || script.ran.contains("m1"))
                .as("a close of a paused consumer must not wait for its drain time-out")
                .isTrue();
    }

    @Test
    void pausedMeansNothingNewButWhatWasBegunGoesOn() {
        KeyedExecutor executor = executor(2);
        script.actions.put("m1", task -> {
            if (task.isFirstRun()) {
                executor.pend(task);
            } else {
                executor.finished(task);
            }
        });
        TestTask begun = submit(executor, "m1", "k");
        threads.runAll();
        executor.pause();
        submit(executor, "n1", "n");
        executor.unpark(begun);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1");
        executor.resume();
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1", "n1");
    }

    @Test
    void neverMoreWorkersThanTheConcurrency() {
        KeyedExecutor executor = executor(2);
        for (int i = 0; i < 10; i++) {
            submit(executor, "m" + i, "k" + i);
        }
        assertThat(threads.tasks).hasSizeLessThanOrEqualTo(2);
        threads.runAll();
        assertThat(script.ran).hasSize(10);
    }

    @Test
    void anUnfinishedStageKeepsItsWorkersSlot() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1");
        executor.continueWithSlot(() -> executor.finished(staged));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
        submit(executor, "m3", "c");
        threads.runAll();
        assertThat(script.ran).as("the slot came back").containsExactly("m1", "m2", "m3");
    }

    @Test
    void aDefectBehindAStageIsToldAndCostsNoSlot() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.passSlotOn());
        submit(executor, "m1", "a");
        threads.runAll();
        IllegalStateException defect = new IllegalStateException("on purpose");
        executor.continueWithSlot(() -> {
            throw defect;
        });
        threads.runAll();
        assertThat(script.defects).containsExactly(defect);
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void aCloseWaitsForAStageUntilItsDeadline() throws Exception {
        KeyedExecutor executor = executor(2);
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        threads.runAll();
        long start = System.nanoTime();
        executor.awaitIdle(start + 20_000_000);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);

        Thread closer = new Thread(() -> executor.awaitIdle(System.nanoTime() + 60_000_000_000L), "closer");
        closer.start();
        executor.continueWithSlot(() -> executor.finished(staged));
        threads.runAll();
        closer.join(30_000);
        assertThat(closer.isAlive()).isFalse();
    }

    @Test
    void aStageThatEndsWhileTheExecutorIsFullIsNotLost() {
        KeyedExecutor executor = executor(1);
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        threads.runAll();
        threads.refuses = true;
        List<String> ended = new ArrayList<>();
        executor.continueWithSlot(() -> {
            ended.add(staged.id());
            executor.finished(staged);
        });
        assertThat(ended).containsExactly("m1");
        threads.refuses = false;
        submit(executor, "m2", "b");
        time.advance(Duration.ofSeconds(1));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void anExecutorThatRefusesIsAskedAgainUntilTheConsumerCloses() {
        KeyedExecutor executor = executor(1);
        threads.refuses = true;
        submit(executor, "m1", "a");
        threads.refuses = false;
        time.advance(Duration.ofSeconds(1));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1");

        threads.refuses = true;
        executor.stop();
        submit(executor, "m2", "a");
        assertThat(time.waiting())
                .as("no timer is left that would ask for ever")
                .isZero();
    }

    @Test
    void anExecutorThatThrowsAnythingIsTreatedLikeOneThatRejects() {
        KeyedExecutor executor = executor(1);
        threads.failure = new IOException("on purpose");
        submit(executor, "m1", "a");
        assertThat(script.ran).isEmpty();
        threads.failure = null;
        time.advance(Duration.ofSeconds(1));
        threads.runAll();
        assertThat(script.ran).as("its slot came back").containsExactly("m1");
    }

    @Test
    void anExecutorThatThrowsIsAskedLessAndLessOften() {
        AtomicInteger asked = new AtomicInteger();
        KeyedExecutor executor = new KeyedExecutor(
                task -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("on purpose");
                },
                time,
                1,
                null,
                script);
        int expected = 1;
        for (long millis : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
            submit(executor, "m" + expected, "k" + expected);
            assertThat(asked).hasValue(expected);
            time.advance(Duration.ofMillis(millis - 1));
            assertThat(asked).hasValue(expected);
            expected++;
            time.advance(Duration.ofMillis(1));
            assertThat(asked).hasValue(expected);
        }
    }

    /** A task whose handler has returned an unfinished stage. */
    private TestTask stagedBeforeTheExecutorThrows(KeyedExecutor executor) {
        script.actions.put("m1", task -> executor.passSlotOn());
        TestTask staged = submit(executor, "m1", "a");
        threads.runAll();
        threads.failure = new IOException("on purpose");
        return staged;
    }

    @Test
    void aStageThatEndsWhileTheExecutorThrowsIsNotLost() {
        KeyedExecutor executor = executor(1);
        TestTask staged = stagedBeforeTheExecutorThrows(executor);
        executor.continueWithSlot(() -> executor.finished(staged));
        threads.failure = null;
        submit(executor, "m2", "a");
        time.advance(Duration.ofSeconds(1));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void anIdleConsumersExecutorIsAskedUntilItTakesAWorker() {
        KeyedExecutor executor = executor(1);
        TestTask staged = stagedBeforeTheExecutorThrows(executor);
        executor.continueWithSlot(() -> executor.finished(staged));
        time.advance(Duration.ofSeconds(1));
        assertThat(script.rejecting).isTrue();
        threads.failure = null;
        time.advance(Duration.ofSeconds(1));
        threads.runAll();
        assertThat(script.rejecting).as("although nothing is left to do").isFalse();
        assertThat(time.waiting()).as("timers").isZero();
    }

    @Test
    void aStageThatEndsFindsOutThatTheExecutorTakesWorkersAgain() {
        KeyedExecutor executor = executor(2);
        TestTask staged = stagedBeforeTheExecutorThrows(executor);
        submit(executor, "m2", "b");
        assertThat(script.rejecting).isTrue();
        threads.failure = null;
        executor.continueWithSlot(() -> executor.finished(staged));
        assertThat(script.rejecting).isFalse();
    }

    @Test
    void theThreadThatCallsAForeignExecutorSaysNothingAboutIt() {
        AtomicInteger asked = new AtomicInteger();
        Steps callers = new Steps();
        KeyedExecutor executor = new KeyedExecutor(
                task -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("on purpose");
                },
                callers,
                time,
                1,
                null,
                script);
        submit(executor, "m1", "a");
        callers.runAll();
        for (long millis : new long[] {100, 200, 400, 800, 1_000}) {
            assertThat(script.rejecting).isTrue();
            int before = asked.get();
            time.advance(Duration.ofMillis(millis - 1));
            callers.runAll();
            assertThat(asked).hasValue(before);
            time.advance(Duration.ofMillis(1));
            assertThat(script.rejecting).as("until the executor has answered").isTrue();
            callers.runAll();
            assertThat(asked).as("asked with backoff").hasValue(before + 1);
        }
    }

    @Test
    void anExecutorThatThrowsAfterItRanAWorkerGivesUpOneSlotOnly() {
        KeyedExecutor executor = executor(1);
        threads.failure = new IOException("on purpose");
        threads.failsAfterRunning = true;
        submit(executor, "m1", "a");
        assertThat(script.ran).containsExactly("m1");
        threads.failure = null;
        submit(executor, "m2", "b");
        submit(executor, "m3", "c");
        assertThat(threads.tasks).as("workers of a concurrency of 1").hasSize(1);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3");
    }

    @Test
    void aTaskThatThrowsAnythingIsADefectAndCostsNoSlot() {
        KeyedExecutor executor = executor(1);
        AssertionError defect = new AssertionError("on purpose");
        script.actions.put("m1", task -> {
            throw defect;
        });
        submit(executor, "m1", "a");
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.defects).containsExactly(defect);
        assertThat(script.ran).containsExactly("m1", "m2");
    }

    @Test
    void aWorkerIsKnownByItsThread() {
        KeyedExecutor executor = executor(1);
        KeyedExecutor other = new KeyedExecutor(threads, time, 1, null, script);
        List<Boolean> own = new ArrayList<>();
        script.actions.put("m1", task -> {
            own.add(executor.isWorker());
            own.add(other.isWorker());
            executor.finished(task);
        });
        submit(executor, "m1", "a");
        threads.runAll();
        assertThat(own).containsExactly(true, false);
        assertThat(executor.isWorker()).as("after its work").isFalse();
    }

    @Test
    void aBatchTakesTheFollowersOfItsKeyInOrder() {
        KeyedExecutor executor = executor(1);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        List<String> handled = new ArrayList<>();
        script.onFlush = batch -> batch.forEach(task -> {
            handled.add(task.id());
            executor.finished(task);
        });
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(handled).containsExactly("m1", "m2", "m3");
    }

    @Test
    void aFailedBatchIsRepeatedInTheOrderOfItsKey() {
        KeyedExecutor executor = executor(4);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        script.onFlush = batch -> {
            submit(executor, "m4", "k");
            for (int i = batch.size() - 1; i >= 0; i--) {
                executor.giveBack(batch.get(i));
            }
        };
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m1", "m2", "m3", "m4");
    }

    @Test
    void aFollowerThatHadToWaitDoesNotRunBesideTheBatchAheadOfIt() {
        KeyedExecutor executor = executor(2);
        script.gather.add("m1");
        script.actions.put("m2", task -> {
            if (task.isFirstRun()) {
                executor.park(task, Duration.ofMillis(100));
            } else {
                executor.finished(task);
            }
        });
        script.onFlush = batch -> {
            // the handler takes long: meanwhile the follower's wait ends, and another thread is free
            time.advance(Duration.ofMillis(100));
            threads.runAll();
            assertThat(script.ran).as("no overlap within a key").containsExactly("m1", "m2");
            batch.forEach(executor::finished);
        };
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m2", "m3");
    }

    @Test
    void outputsOfABatchThatFailAreRepeatedOneAfterAnotherInOrder() {
        KeyedExecutor executor = executor(4);
        script.gather.addAll(Set.of("m1", "m2", "m3"));
        List<TestTask> waiting = new ArrayList<>();
        script.onFlush = batch -> batch.forEach(task -> {
            executor.pend(task);
            waiting.add(task);
        });
        submit(executor, "m1", "k");
        submit(executor, "m2", "k");
        submit(executor, "m3", "k");
        threads.runAll();
        waiting.forEach(executor::unpark);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m2", "m3", "m1", "m2", "m3");
    }

    @Test
    void theRateLimitSpacesStartsButNotWhatWasBegun() {
        KeyedExecutor executor = executor(1, new RateLimiter(10));
        script.actions.put("m1", task -> {
            if (task.isFirstRun()) {
                executor.pend(task);
            } else {
                executor.finished(task);
            }
        });
        TestTask first = submit(executor, "m1", "a");
        submit(executor, "m2", "b");
        threads.runAll();
        assertThat(script.ran).containsExactly("m1");
        executor.unpark(first);
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1");
        time.advance(Duration.ofMillis(100));
        threads.runAll();
        assertThat(script.ran).containsExactly("m1", "m1", "m2");
    }
}
