package io.anymq;

/**
 * The outcome of one message of a batch: {@link Confirmed} or {@link Failed}. Immutable and thread-safe.
 *
 * <pre>{@code
 * for (SendResult result : producer.sendBatch(messages).join()) { if (result instanceof SendResult.Failed failed &&
 * failed.error().outcome() == SendException.Outcome.UNKNOWN) { … } } }</pre>
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
     * It was not confirmed; {@link SendException#outcome()} says whether the broker may nevertheless have it.
     *
     * @param error the exception of a single send's future
     */
    record Failed(SendException error) implements SendResult {}
}
