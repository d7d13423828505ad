package io.anymq.spi;

import io.anymq.API;
import java.time.Duration;

/**
 * The options of a receiver. Immutable.
 *
 * @param name readable, unique in this process
 * @param maxInFlight the engine never holds more unsettled messages of this receiver, without those that wait behind a
 *     retry of their key; {@link WindowedReceiver} says how many it wants at present
 * @param maxInFlightBytes about so many bytes of messages may be held in all, a quarter of them by the receiver for
 *     messages that it fetches in advance
 * @param drainTimeout the longest {@link LaneListener#lanesRevoked} may take
 */
@API(API.Status.EVOLVING)
public record ReceiverOptions(String name, int maxInFlight, long maxInFlightBytes, Duration drainTimeout) {}
