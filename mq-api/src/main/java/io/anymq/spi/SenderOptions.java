package io.anymq.spi;

import java.time.Duration;

/**
 * How a sender is used. Immutable.
 *
 * @param maxInFlight the engine never has more messages without an outcome
 * @param sendTimeout every message must have its outcome within this time
 */
public record SenderOptions(int maxInFlight, Duration sendTimeout) {}
