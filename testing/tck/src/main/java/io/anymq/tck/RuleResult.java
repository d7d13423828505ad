package io.anymq.tck;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one rule.
 *
 * @param id the rule's number
 * @param sentence its sentence
 * @param status how it ended
 * @param detail the failure's message or why it was skipped; empty when it passed
 * @param failure the failure, or null
 * @param time how long it took
 */
public record RuleResult(
        String id,
        String sentence,
        Status status,
        String detail,
        @Nullable Throwable failure,
        Duration time) {
    /** The statuses of a rule. */
    public enum Status {
        /** It holds. */
        PASSED,
        /** It is broken. */
        FAILED,
        /** It could not be tried: a capability or a fault is missing. */
        SKIPPED,
        /** The engine keeps it without the adapter: it is verified once, on the embedded broker, and was not run here. */
        ENGINE
    }
}
