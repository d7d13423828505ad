package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The application's executor rejects workers, or throws something else. */
class FailingExecutorTest extends OnKeyedExecutor {
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

    @Test
    void theThreadThatCallsAForeignExecutorSaysNothingAboutIt() {
        AtomicInteger asked = new AtomicInteger();
        SteppedThreads callers = new SteppedThreads();
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
}
