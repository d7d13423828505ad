package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what a rule expects, as long as the broker may take. */
abstract class TckWaits {
    private static final Duration POLL = Duration.ofMillis(5);

    /** The longest time anything that must happen may take. */
    abstract Duration patience();

    /** Waits until the condition holds. */
    void await(String what, Callable<Boolean> condition) {
        await(what, patience(), condition);
    }

    /** Waits at most so long until the condition holds. */
    void await(String what, Duration limit, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(limit)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what + seen(), e);
        }
    }

    /** What was seen instead of what was awaited, to be appended to an error; nothing by default. */
    String seen() {
        return "";
    }

    /** Waits until the assertion holds; otherwise fails with its last failure. */
    void awaitAsserted(ThrowingRunnable assertion) {
        awaitAsserted(patience(), assertion);
    }

    /** Waits at most so long until the assertion holds. */
    void awaitAsserted(Duration limit, ThrowingRunnable assertion) {
        Awaitility.await()
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .untilAsserted(assertion);
    }

    /** Waits for this many calls. */
    void awaitCount(RecordingHandler<?> recorder, int calls) {
        awaitAsserted(() -> assertThat(recorder.count()).as("handler calls").isGreaterThanOrEqualTo(calls));
    }

    /** Waits for this many calls that returned normally. */
    void awaitCompleted(RecordingHandler<?> recorder, int calls) {
        awaitAsserted(() -> assertThat(recorder.completed())
                .as("handler calls that ended well")
                .isGreaterThanOrEqualTo(calls));
    }

    /** Checks that something stays true for a while, where an unwanted event would leave no other trace. */
    void holds(String what, Duration time, Callable<Boolean> condition) {
        Awaitility.await(what)
                .during(time)
                .atMost(time.plus(patience()))
                .failFast(what + ": no longer true", () -> !condition.call())
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(condition);
    }
}
