package io.anymq.simulation.flaw;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.wrap.ForwardingInbound;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Hands every fourth message out twice. */
public final class RepeatsSome extends ReceiverFlaw {
    @Override
    BrokerReceiver in(BrokerReceiver receiver) {
        return new ForwardingReceiver(receiver) {
            private int count;

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                List<InboundMessage> messages = new ArrayList<>(super.receive(max, wait));
                if (!messages.isEmpty() && ++count % 4 == 0) {
                    messages.add(new ForwardingInbound(messages.get(0)));
                }
                return messages;
            }
        };
    }
}
