package io.anymq.internal.receive;

import org.jspecify.annotations.Nullable;

/** Where the layers end: calls a handler, and turns back when its outputs are confirmed or it has failed. */
abstract class InnermostLayer extends Layer {
    final Attempt attempt;

    InnermostLayer(Attempt attempt) {
        this.attempt = attempt;
    }

    /** The handler has ended, with {@code failure} or without. */
    final void ended(Work work, @Nullable Throwable failure, long startNanos) {
        if (attempt.end(work, failure, startNanos, this)) {
            finish(work);
        }
    }

    @Override
    final void resume(Work work) {
        finish(work);
    }

    private void finish(Work work) {
        if (work.failure == null) {
            work.verdict = Verdict.HANDLED;
        }
        outer().done(work);
    }
}
