package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order within a key, and who runs what is next. */
class KeyedExecutorTest extends OnKeyedExecutor {
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
    void aWorkerGoesOnWithItsKeyItselfAndWakesNoOther() {
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
    void aParkedKeyHoldsUpNoOtherKey() {
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
