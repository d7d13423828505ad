package io.anymq.inmemory;

import io.anymq.MessagingException;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.Optional;

/** Checks messages from outside, then stores them. */
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
    public <V> Optional<V> unwrap(Class<V> type) {
        return InMemoryTranslator.unwrap(broker, type);
    }

    @Override
    public void close(Duration timeout) {
        publisher.close();
    }
}
