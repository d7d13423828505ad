package io.anymq.simulation.flaw;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.List;

/** Settles what it hands out at once, so that a crash loses it. */
public final class SettlesEarly extends ReceiverFlaw {
    @Override
    BrokerReceiver in(BrokerReceiver receiver) {
        return new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<? extends InboundMessage> messages = super.receive(max, wait);
                acknowledge(messages);
                return messages;
            }
        };
    }
}
