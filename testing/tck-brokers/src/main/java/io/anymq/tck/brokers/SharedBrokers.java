package io.anymq.tck.brokers;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import java.util.EnumMap;
import java.util.Map;

/**
 * One real broker of each kind for all tests of this JVM that do not break it; they end with the JVM. Thread-safe.
 */
public final class SharedBrokers {
    private static final Map<BrokerKind, LocalBroker> STARTED = new EnumMap<>(BrokerKind.class);

    private SharedBrokers() {}

    /** The broker of this kind, which is started first if need be. */
    public static synchronized LocalBroker of(BrokerKind kind) {
        return STARTED.computeIfAbsent(kind, LocalBrokers::start);
    }
}
