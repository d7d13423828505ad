package io.anymq.internal.receive.policy;

import org.jspecify.annotations.Nullable;

/** Where the layers end: calls a handler, and turns back when its outputs are confirmed or it has failed. */
public abstract class InnermostLayer extends Layer {
    final Attempt attempt;
    private final Step finish = this::finish;

    InnermostLayer(Attempt attempt) {
        this.attempt = attempt;
    }

    /** The handler has ended, with {@code failure} or without. */
    final void ended(Task task, @Nullable Throwable failure, long startNanos) {
        ended(task, failure, startNanos, 1);
    }

    /** The same, where the handler got {@code batchSize} messages in one call. */
    final void ended(Task task, @Nullable Throwable failure, long startNanos, int batchSize) {
        if (attempt.end(task, failure, startNanos, batchSize, finish)) {
            finish(task);
        }
    }

    private void finish(Task task) {
        if (task.failure == null) {
            task.verdict = Verdict.HANDLED;
        }
        outer().done(task);
    }
}
