package io.anymq.spi;

import io.anymq.API;
import java.time.Duration;

/**
 * The options of a sender. Immutable.
 *
 * @param maxInFlight the engine never has more messages without an outcome
 * @param outcomeWithin when the vendor's client must have given the outcome of a message, counted from {@code send}:
 *     nine tenths of the send time-out, so that the true outcome and its cause reach the sender before the engine
 *     reports UNKNOWN; at most 292 years, so {@link Duration#toNanos()} does not overflow
 */
@API(API.Status.EVOLVING)
public record SenderOptions(int maxInFlight, Duration outcomeWithin) {}
