package io.anymq.internal.receive.policy;

import io.anymq.AsyncHandler;
import io.anymq.internal.receive.keys.KeyedExecutor;
import io.anymq.internal.support.Futures;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
        if (stage instanceof CompletableFuture<?> future && isDone(future)) {
            ended(task, outcome(future), start);
        } else {
            executor.passSlotOn();
            Ending ending = new Ending(task, start);
            try {
                stage.whenComplete(ending);
            } catch (Throwable e) {
                // a stage of another library; the slot is the stage's already
                ending.accept(null, e);
            }
        }
    }

    /** Those of {@code CompletableFuture.completedStage} throw when they are asked. */
    private static boolean isDone(CompletableFuture<?> future) {
        try {
            return future.isDone();
        } catch (Throwable e) {
            return false;
        }
    }

    private static @Nullable Throwable outcome(CompletableFuture<?> done) {
        try {
            Object unused = done.join();
            return null;
        } catch (Throwable e) {
            return Futures.cause(e);
        }
    }

    /** True once the stage has ended: a stage of another library may say so twice. */
    private final class Ending extends AtomicBoolean implements BiConsumer<Object, Throwable> {
        private static final long serialVersionUID = 1;

        private final transient Task task;
        private final long start;

        Ending(Task task, long start) {
            this.task = task;
            this.start = start;
        }

        @Override
        public void accept(@Nullable Object result, @Nullable Throwable failure) {
            if (compareAndSet(false, true)) {
                executor.continueWithSlot(() -> ended(task, Futures.cause(failure), start));
            }
        }
    }
}
