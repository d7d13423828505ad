package io.anymq;

import java.util.Map;

/**
 * The result of a redrive or a discard; of a dry run, what it would be. Made by the engine. Immutable and thread-safe.
 *
 * <pre>{@code
 * RedriveReport report = client.redrive(Queue.of("orders-dead"), RedriveOptions.DEFAULT).join();
 * log.info("{} messages are back", report.redriven());
 * }</pre>
 */
@API(API.Status.STABLE)
public interface RedriveReport {
    /** Messages confirmed at their origin and removed from the dead-letter queue. */
    int redriven();

    /** Messages removed from the dead-letter queue for good, by a discard. */
    default int discarded() {
        return 0;
    }

    /** Messages left because they had come back as often as {@link RedriveOptions#maxRedrives()} allows. */
    int loopGuarded();

    /** Messages left because they carry no origin: AnyMQ did not dead-letter them. */
    int foreign();

    /**
     * Messages left because they could not be sent back: their origin is gone, refused them, or is not one of this
     * dead-letter queue; or an earlier message of their key could not.
     */
    int failed();

    /**
     * Those of {@link #failed()} that may be where they were sent nevertheless, because the broker did not say. A later
     * redrive sends them again.
     */
    default int uncertain() {
        return 0;
    }

    /**
     * Those of {@link #redriven()} or {@link #discarded()} that may still be in the dead-letter queue, because the
     * broker was lost before they were certainly removed. A later redrive may send them again.
     */
    default int mayRemain() {
        return 0;
    }

    /** Whether it was cancelled, or its client closed, before it had seen every letter. */
    default boolean cancelled() {
        return false;
    }

    /** Messages that came back to the dead-letter queue while the redrive ran; left for the next one. */
    int failedAgain();

    /** The first error of each origin of {@link #failed()}, of at most 100 origins. Unmodifiable. */
    Map<Source, MessagingException> failures();
}
