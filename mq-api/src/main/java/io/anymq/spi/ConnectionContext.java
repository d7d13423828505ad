package io.anymq.spi;

import io.anymq.API;
import io.anymq.TimeSource;
import java.time.Duration;

/**
 * Everything an adapter needs to connect. Immutable.
 *
 * @param url where to
 * @param config the adapter's options
 * @param clientName readable and unique in this process; for the vendor's client id and thread names
 * @param connectTimeout bound on {@link BrokerAdapter#connect}
 * @param operationTimeout bound on provisioning and other administrative calls
 * @param timeSource for everything that has to do with time
 */
@API(API.Status.EVOLVING)
public record ConnectionContext(
        BrokerUrl url,
        ConfigValues config,
        String clientName,
        Duration connectTimeout,
        Duration operationTimeout,
        TimeSource timeSource) {}
