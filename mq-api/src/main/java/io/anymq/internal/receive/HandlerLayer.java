package io.anymq.internal.receive;

import io.anymq.Handler;

/** Innermost: calls a synchronous handler. */
final class HandlerLayer extends Layer {
    private final Attempt attempt;
    private final Handler<Object> handler;

    HandlerLayer(Attempt attempt, Handler<Object> handler) {
        this.attempt = attempt;
        this.handler = handler;
    }

    @Override
    void handle(Work work) {
        long start = attempt.now();
        Throwable failure = null;
        try {
            attempt.begin(work);
            handler.handle(work);
        } catch (Throwable e) {
            // an Error too: whatever one message does to its handler must not end the consumer
            failure = e;
        }
        if (attempt.end(work, failure, start, this)) {
            finish(work);
        }
    }

    @Override
    void resume(Work work) {
        finish(work);
    }

    private void finish(Work work) {
        if (work.failure == null) {
            work.verdict = Verdict.HANDLED;
        }
        outer().done(work);
    }
}
