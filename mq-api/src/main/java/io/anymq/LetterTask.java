package io.anymq;

import java.util.concurrent.CompletableFuture;

/**
 * A redrive or a discard that runs in the background. Made by {@link DeadLetters}; thread-safe. It ends by itself, and
 * with its client.
 *
 * <pre>{@code
 * LetterTask task = letters.redrive(RedriveOptions.builder().rate(100).build());
 * System.out.println(task.progress().redriven() + " are back");
 * task.cancel();
 * RedriveReport done = task.report().join();
 * }</pre>
 */
@API(API.Status.EVOLVING)
public interface LetterTask {
    /** The exact counts up to now; those of the whole run after its end, even if it failed. */
    RedriveReport progress();

    /**
     * Ends it after the letters that are on their way, at most 100. The rest stay where they are, for a later run.
     * Returns at once; idempotent.
     */
    void cancel();

    /**
     * How it ended. Fails with the {@link MessagingException} if the broker was lost on the way or there is no such
     * dead-letter queue; {@link #progress()} then says what was done before.
     */
    CompletableFuture<RedriveReport> report();
}
