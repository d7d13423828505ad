package io.anymq.internal.receive.policy;

import io.anymq.AsyncHandler;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.support.Futures;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Innermost: calls an asynchronous handler, whose stage keeps the worker's slot until it completes. */
public final class AsyncHandlerLayer extends InnermostLayer {
    private final KeyedExecutor executor;
    private final AsyncHandler<Object> handler;

    public AsyncHandlerLayer(Attempt attempt, KeyedExecutor executor, AsyncHandler<Object> handler) {
        super(attempt);
        this.executor = executor;
        this.handler = handler;
    }

    @Override
    void handle(Task task) {
        long start = attempt.now();
        CompletionStage<?> stage;
        try {
            attempt.begin(task);
            stage = attempt.intercepts()
                    ? attempt.around(List.of(task), false, true, () -> handler.handle(task))
                            .call()
                    : handler.handle(task);
            if (stage == null) {
                throw new IllegalStateException("the handler returned null instead of a CompletionStage");
            }
        } catch (Throwable e) {
            ended(task, Futures.cause(e), start);
            return;
        }
        if (stage instanceof CompletableFuture<?> future && future.isDone()) {
            stage.whenComplete((result, failure) -> ended(task, Futures.cause(failure), start));
        } else {
            executor.passSlotOn();
            stage.whenComplete(
                    (result, failure) -> executor.continueWithSlot(() -> ended(task, Futures.cause(failure), start)));
        }
    }
}
