package io.anymq.clientversions;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerUnavailableException;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import org.junit.jupiter.api.Assumptions;

/** A broker of a kind, if it can be had here; otherwise the test is aborted and says so. */
final class AvailableBroker {
    private AvailableBroker() {}

    static LocalBroker start(BrokerKind kind) {
        try {
            return LocalBrokers.start(kind);
        } catch (BrokerUnavailableException e) {
            return Assumptions.abort(kind + " cannot be had here");
        }
    }
}
