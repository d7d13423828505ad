package io.anymq;

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
}
