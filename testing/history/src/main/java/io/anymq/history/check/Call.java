package io.anymq.history.check;

import org.jspecify.annotations.Nullable;

/** One call of a handler. */
final class Call {
    final int start;
    final String consumer;
    final int attempt;
    int end = Findings.NONE;
    boolean succeeded;

    /** Where its outputs were published. */
    Positions outputs = Positions.EMPTY;

    /** The earlier open call with the same attempt that this one hides while it is open itself. */
    @Nullable
    Call hidden;

    Call(int start, String consumer, int attempt) {
        this.start = start;
        this.consumer = consumer;
        this.attempt = attempt;
    }

    boolean ended() {
        return end != Findings.NONE;
    }

    boolean failed() {
        return ended() && !succeeded;
    }
}
