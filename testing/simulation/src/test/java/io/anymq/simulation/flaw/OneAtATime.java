package io.anymq.simulation.flaw;

import io.anymq.simulation.scheduler.Controlled;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.tck.wrap.ForwardingReceiver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Hands out one message, and no other before that one is settled. */
public final class OneAtATime extends ReceiverFlaw {
    @Override
    BrokerReceiver in(BrokerReceiver receiver) {
        return new ForwardingReceiver(receiver) {
            private final Set<String> out = new HashSet<>();

            @Override
            public List<? extends InboundMessage> receive(int max, Duration wait) {
                if (!out.isEmpty()) {
                    Controlled.await(() -> false, wait.toNanos());
                    return super.receive(0, wait);
                }
                List<? extends InboundMessage> messages = super.receive(Math.min(1, max), wait);
                messages.forEach(message -> out.add(message.id()));
                return messages;
            }

            @Override
            public void acknowledge(List<? extends InboundMessage> messages) {
                super.acknowledge(messages);
                messages.forEach(message -> out.remove(message.id()));
            }
        };
    }
}
