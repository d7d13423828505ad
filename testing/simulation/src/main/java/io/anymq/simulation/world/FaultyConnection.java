package io.anymq.simulation.world;

import io.anymq.TimeSource;
import io.anymq.history.Event;
import io.anymq.simulation.plan.Operation.Breakage;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.wrap.ForwardingConnection;
import io.anymq.tck.wrap.ForwardingReceiver;
import io.anymq.tck.wrap.ForwardingSender;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Refuses sends, loses and delays confirms, and breaks while settling, as {@link Faults} say. */
final class FaultyConnection extends ForwardingConnection {
    private final String client;
    private final boolean isOperator;
    private final TimeSource time;
    private final Faults faults;
    private final Notes notes;

    /** Ids of messages that wait at the broker for their next attempt: settling the old copy ends nothing. */
    private final Set<String> forwarded = ConcurrentHashMap.newKeySet();

    FaultyConnection(BrokerConnection delegate, String client, TimeSource time, Faults faults, Notes notes) {
        super(delegate);
        this.client = client;
        this.isOperator = client.startsWith(Names.OPERATOR);
        this.time = time;
        this.faults = faults;
        this.notes = notes;
    }

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        return new ForwardingSender(super.openSender(address, options)) {
            @Override
            protected List<? extends OutboundMessage> forward(OutboundMessage message) {
                if (address instanceof Address.Redelivery && !isOperator) {
                    notes.forwarding(client, message.id());
                }
                if (faults.strikes(Breakage.REFUSED_SENDS)) {
                    message.rejected(Faults.error());
                    return List.of();
                }
                if (isOperator) {
                    notes.write(new Event.Redriven(Names.path(address), message.id()));
                    return List.of(message);
                }
                return List.of(new WatchedSend(message, address, client, time, faults, notes, forwarded));
            }
        };
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        if (isOperator) {
            return super.openReceiver(address, options, listener);
        }
        return new ForwardingReceiver(super.openReceiver(address, options, listener)) {
            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                if (!faults.strikes(Breakage.LOST_SETTLEMENTS)) {
                    settle(messages);
                } else {
                    if (faults.pick(2) == 0) {
                        settle(messages);
                    }
                    throw Faults.error();
                }
            }

            private void settle(List<? extends InboundMessage> messages) {
                super.acknowledge(messages);
                for (InboundMessage message : messages) {
                    if (!forwarded.remove(message.id())) {
                        notes.write(new Event.Settled(Names.path(address), client, message.id()));
                    }
                }
            }
        };
    }
}
