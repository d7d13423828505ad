package io.anymq;

/** How one message of a batch ended. */
public sealed interface SendResult {
    /** The broker has it. */
    record Confirmed(Receipt receipt) implements SendResult {}

    /** It is certainly not at the broker. */
    record Rejected(SendException error) implements SendResult {}

    /** It may be at the broker; the confirm was lost. */
    record Unknown(SendException error) implements SendResult {}
}
