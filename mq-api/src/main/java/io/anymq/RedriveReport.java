package io.anymq;

import java.util.Map;

/**
 * The result of a redrive. Made by the engine. Immutable and thread-safe.
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

    /** Messages left because they had come back as often as {@link RedriveOptions#maxRedrives()} allows. */
    int loopGuarded();

    /** Messages left because they carry no origin: AnyMQ did not dead-letter them. */
    int foreign();

    /**
     * Messages left because they could not be sent back: their origin is gone, refused them, or is not one of this
     * dead-letter queue; or an earlier message of their key could not.
     */
    int failed();

    /** Messages that came back to the dead-letter queue while the redrive ran; left for the next one. */
    int failedAgain();

    /** The first error of each origin of {@link #failed()}, of at most 100 origins. Unmodifiable. */
    Map<Source, MessagingException> failures();
}
