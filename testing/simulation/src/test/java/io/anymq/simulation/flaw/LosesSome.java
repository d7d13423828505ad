package io.anymq.simulation.flaw;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingSender;
import java.util.List;
import java.util.function.UnaryOperator;

/** Confirms every fifth message and stores it nowhere. */
public final class LosesSome implements UnaryOperator<BrokerConnection> {
    @Override
    public BrokerConnection apply(BrokerConnection connection) {
        return new ForwardingConnection(connection) {
            @Override
            public BrokerSender openSender(Address address, SenderOptions options) {
                return new ForwardingSender(super.openSender(address, options)) {
                    private int count;

                    @Override
                    protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                        if (++count % 5 == 0) {
                            message.confirmed(null);
                            return List.of();
                        }
                        return List.of(message);
                    }
                };
            }
        };
    }
}
