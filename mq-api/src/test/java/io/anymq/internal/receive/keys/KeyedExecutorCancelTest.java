package io.anymq.internal.receive.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tasks that are cancelled before they begin, while they are parked, and while they run. */
class KeyedExecutorCancelTest extends OnKeyedExecutor {
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
}
