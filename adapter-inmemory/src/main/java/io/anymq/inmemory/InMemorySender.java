package io.anymq.inmemory;

import io.anymq.MessagingException;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks what comes from outside, then stores it. */
final class InMemorySender implements BrokerSender {
    private final InMemoryBroker.Publisher publisher;
    private final InMemoryBroker broker;
    private final int maxBodyBytes;

    InMemorySender(InMemoryBroker.Publisher publisher, InMemoryBroker broker) {
        this.publisher = publisher;
        this.broker = broker;
        this.maxBodyBytes = broker.limits().maxBodyBytes();
    }

    @Override
    public void send(OutboundMessage message) {
        MessagingException refusal = InMemoryTranslator.refusal(message, maxBodyBytes);
        if (refusal == null) {
            publisher.publish(message);
        } else {
            message.rejected(refusal);
        }
    }

    @Override
    public void send(List<? extends OutboundMessage> messages) {
        for (OutboundMessage message : messages) {
            if (InMemoryTranslator.refusal(message, maxBodyBytes) != null) {
                sendTheGoodOnes(messages);
                return;
            }
        }
        publisher.publish(messages);
    }

    private void sendTheGoodOnes(List<? extends OutboundMessage> messages) {
        List<OutboundMessage> good = new ArrayList<>(messages.size());
        for (OutboundMessage message : messages) {
            MessagingException refusal = InMemoryTranslator.refusal(message, maxBodyBytes);
            if (refusal == null) {
                good.add(message);
            } else {
                message.rejected(refusal);
            }
        }
        publisher.publish(good);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return InMemoryTranslator.unwrap(broker, type);
    }

    @Override
    public void close(Duration timeout) {
        publisher.close(timeout);
    }
}
