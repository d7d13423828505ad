package io.anymq.internal.support;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reacts to the end of a future without building on it. */
public final class Futures {
    private Futures() {}

    /** Calls {@code action} when {@code future} has ended, with null or its failure. It must not throw. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // the action takes the failure; nothing is left in the stage behind it
    public static void onEnd(CompletableFuture<?> future, Consumer<@Nullable Throwable> action) {
        future.whenComplete((result, failure) -> action.accept(cause(failure)));
    }

    /** Like {@link #onEnd(CompletableFuture, Consumer)}, with the result as well. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    public static <T> void onOutcome(CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> action) {
        future.whenComplete((result, failure) -> action.accept(result, cause(failure)));
    }

    /** The actual failure of a stage. */
    public static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
