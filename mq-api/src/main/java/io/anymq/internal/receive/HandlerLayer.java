package io.anymq.internal.receive;

import io.anymq.Handler;

/** Innermost: calls a synchronous handler. */
final class HandlerLayer extends InnermostLayer {
    private final Handler<Object> handler;

    HandlerLayer(Attempt attempt, Handler<Object> handler) {
        super(attempt);
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
        ended(work, failure, start);
    }
}
