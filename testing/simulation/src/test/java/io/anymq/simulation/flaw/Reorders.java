package io.anymq.simulation.flaw;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Hands out in reverse what it received together. */
public final class Reorders implements UnaryOperator<BrokerConnection> {
    @Override
    public BrokerConnection apply(BrokerConnection connection) {
        return new ForwardingConnection(connection) {
            @Override
            public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
                return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
                    @Override
                    public List<? extends InboundMessage> receive(int max, Duration wait) {
                        List<InboundMessage> messages = new ArrayList<>(super.receive(max, wait));
                        Collections.reverse(messages);
                        return messages;
                    }
                };
            }
        };
    }
}
