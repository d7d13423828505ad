package io.anymq.internal.receive.policy;

import io.anymq.Handler;
import java.util.List;

/** Innermost: calls a synchronous handler. */
public final class HandlerLayer extends InnermostLayer {
    private final Handler<Object> handler;

    public HandlerLayer(Attempt attempt, Handler<Object> handler) {
        super(attempt);
        this.handler = handler;
    }

    @Override
    void handle(Task task) {
        long start = attempt.now();
        Throwable failure = null;
        try {
            attempt.begin(task);
            if (attempt.intercepts()) {
                attempt.around(List.of(task), false, false, () -> {
                            handler.handle(task);
                            return InterceptedHandler.DONE;
                        })
                        .callAndWait();
            } else {
                handler.handle(task);
            }
        } catch (Throwable e) {
            // an Error too: whatever one message does to its handler must not end the consumer
            failure = e;
        }
        ended(task, failure, start);
    }
}
