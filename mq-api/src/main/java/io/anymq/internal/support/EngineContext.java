package io.anymq.internal.support;

import io.anymq.Interceptor;
import io.anymq.TimeSource;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.Capabilities;
import io.anymq.spi.ProvisionMode;
import java.util.List;
import java.util.random.RandomGenerator;

/** Everything that the parts of one client's engine share. */
public record EngineContext(
        String clientName,
        BrokerConnection connection,
        Capabilities capabilities,
        Addresses addresses,
        ProvisionMode provisionMode,
        TimeSource time,
        RandomGenerator random,
        Codecs codecs,
        List<Interceptor> interceptors,
        Observers observers,
        ReconnectSignal reconnectSignal,
        ConfirmWatch confirms,
        Callbacks callbacks) {}
