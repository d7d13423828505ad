package io.anymq.simulation.flaw;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Hands out in reverse what it received together. */
public final class Reorders extends ReceiverFlaw {
    @Override
    BrokerReceiver in(BrokerReceiver receiver) {
        return new ForwardingReceiver(receiver) {
            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> messages = new ArrayList<>(super.receive(max, wait));
                Collections.reverse(messages);
                return messages;
            }
        };
    }
}
