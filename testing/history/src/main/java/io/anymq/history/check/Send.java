package io.anymq.history.check;

import io.anymq.history.Content;
import io.anymq.history.SendOutcome;
import org.jspecify.annotations.Nullable;

/** One send of a message, by a producer or as the output of a handler's call. */
final class Send {
    final int sent;
    final Content content;
    final long delayNanos;

    /** Null for an output: outputs come in no producer's order. */
    final @Nullable String producer;

    /** The call that published it; null for a producer's send. */
    final @Nullable Call call;

    int ended = Findings.NONE;

    @Nullable
    SendOutcome outcome;

    /** The earlier open send that this one hides while it is open itself. */
    @Nullable
    Send hidden;

    Send(int sent, Content content, long delayNanos, @Nullable String producer, @Nullable Call call) {
        this.sent = sent;
        this.content = content;
        this.delayNanos = delayNanos;
        this.producer = producer;
        this.call = call;
    }

    /** Without an end it is unknown; an output of an attempt that failed is never sent. */
    SendOutcome outcome() {
        if (outcome != null) {
            return outcome;
        }
        boolean failed = call != null && call.end != Findings.NONE && !call.succeeded;
        return failed ? SendOutcome.REJECTED : SendOutcome.UNKNOWN;
    }
}
