package io.anymq.internal.receive;

import io.anymq.AsyncHandler;
import io.anymq.internal.support.Futures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Innermost: calls an asynchronous handler, whose stage keeps the worker's slot until it completes. */
final class AsyncHandlerLayer extends Layer {
    private final Attempt attempt;
    private final KeyedExecutor executor;
    private final AsyncHandler<Object> handler;

    AsyncHandlerLayer(Attempt attempt, KeyedExecutor executor, AsyncHandler<Object> handler) {
        this.attempt = attempt;
        this.executor = executor;
        this.handler = handler;
    }

    @Override
    void handle(Work work) {
        long start = attempt.now();
        CompletionStage<?> stage;
        try {
            attempt.begin(work);
            stage = handler.handle(work);
            if (stage == null) {
                throw new IllegalStateException("the handler returned null in place of a stage");
            }
        } catch (Throwable e) {
            ended(work, e, start);
            return;
        }
        if (stage instanceof CompletableFuture<?> future && future.isDone()) {
            stage.whenComplete((result, failure) -> ended(work, failure, start));
        } else {
            executor.passSlotOn();
            stage.whenComplete((result, failure) -> executor.continueWithSlot(() -> ended(work, failure, start)));
        }
    }

    private void ended(Work work, @Nullable Throwable failure, long start) {
        Throwable cause = Futures.cause(failure);
        if (attempt.end(work, cause, start, this)) {
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
