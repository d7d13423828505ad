package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.SendException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A send that has failed. */
final class FailedSend {
    private FailedSend() {}

    /** Why it failed, which it must have by now. */
    static SendException failure(CompletableFuture<?> send) {
        assertThat(send).isCompletedExceptionally();
        try {
            send.join();
        } catch (CompletionException e) {
            return (SendException) e.getCause();
        }
        throw new AssertionError("it succeeded");
    }
}
