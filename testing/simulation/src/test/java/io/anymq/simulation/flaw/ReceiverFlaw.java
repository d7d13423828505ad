package io.anymq.simulation.flaw;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import java.util.function.UnaryOperator;

/** A defect that all receivers of a connection have. */
abstract class ReceiverFlaw implements UnaryOperator<BrokerConnection> {
    /** Puts the defect into a sound receiver. */
    abstract BrokerReceiver in(BrokerReceiver receiver);

    @Override
    public final BrokerConnection apply(BrokerConnection connection) {
        return new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return in(super.openReceiver(address, options, listener));
            }
        };
    }
}
