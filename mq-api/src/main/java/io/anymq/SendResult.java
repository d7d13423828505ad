package io.anymq;

/**
 * How one message of a batch ended: {@link Confirmed} or {@link Failed}. Immutable and thread-safe.
 *
 * <pre>{@code
 * for (SendResult result : producer.sendBatch(messages).join()) {
 *     if (result instanceof SendResult.Failed failed && failed.error().outcome() == SendException.Outcome.UNKNOWN) { … }
 * }
 * }</pre>
 */
@API(API.Status.STABLE)
public sealed interface SendResult {
    /**
     * The broker has it.
     *
     * @param receipt the broker's promise
     */
    record Confirmed(Receipt receipt) implements SendResult {}

    /**
     * It was not confirmed; {@link SendException#outcome()} says whether it may be at the broker all the same.
     *
     * @param error what a single send's future would have ended with
     */
    record Failed(SendException error) implements SendResult {}
}
