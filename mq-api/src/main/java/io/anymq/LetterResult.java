package io.anymq;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a redrive or a discard did with one letter; see {@link RedriveOptions.Builder#onLetter}. Made by the engine.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * RedriveOptions.builder().onLetter(result -> audit.write(result.messageId(), result.outcome()))
 * }</pre>
 */
@API(API.Status.EVOLVING)
public interface LetterResult {
    /** What became of it. Of a dry run: what would. */
    enum Outcome {
        /** Confirmed where it was sent, and removed from the dead-letter queue. */
        REDRIVEN,
        /** Removed from the dead-letter queue for good. */
        DISCARDED,
        /** Left: it has come back as often as {@link RedriveOptions#maxRedrives()} allows. */
        LOOP_GUARDED,
        /** Left: it carries no origin, because AnyMQ did not dead-letter it. */
        FOREIGN,
        /** Left: it could not be sent; {@link LetterResult#failure()} says why. It is certainly not there. */
        FAILED,
        /** Left, and may be where it was sent as well: the broker did not say. A later run may make a duplicate. */
        UNCERTAIN,
        /** Left: an earlier letter of its key was. */
        BEHIND,
        /** Left: it came back to the dead-letter queue while this redrive ran. */
        FAILED_AGAIN,
        /**
         * Reported once more, after {@link #REDRIVEN} or {@link #DISCARDED}, when the broker was lost before it was
         * certain that the letter has left the dead-letter queue. A later run may meet it again.
         */
        MAY_REMAIN
    }

    /** The letter's id. */
    String messageId();

    /** The letter's ordering key, or null. */
    @Nullable
    String key();

    /** Where it failed or was to be sent; empty for a foreign letter. */
    Optional<Source> target();

    /** What became of it. */
    Outcome outcome();

    /** The id under which an edited letter was sent; empty if it kept its own. */
    Optional<String> editedId();

    /** Why it stayed, for {@link Outcome#FAILED} and {@link Outcome#UNCERTAIN}. */
    Optional<MessagingException> failure();
}
