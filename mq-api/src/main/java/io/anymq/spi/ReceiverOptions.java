package io.anymq.spi;

import io.anymq.API;
import java.time.Duration;

/**
 * The options of a receiver. Immutable.
 *
 * @param name readable, unique in this process
 * @param maxInFlight the engine never holds more unsettled messages of this receiver
 * @param drainTimeout the longest {@link LaneListener#lanesRevoked} may take
 */
@API(API.Status.EVOLVING)
public record ReceiverOptions(String name, int maxInFlight, Duration drainTimeout) {}
