package io.anymq.activemq;

import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Distributes messages for one address over several senders, each on its own connection, because the broker processes
 * the commands of a connection one after the other, and while one connection's transaction is committed, the next one's
 * comes together. All messages of a key take the same connection, so they keep their order. Thread-safe.
 */
final class PartitionedSender implements BrokerSender {
    private final List<ActiveMqSender> parts;

    PartitionedSender(List<ActiveMqSender> parts) {
        this.parts = List.copyOf(parts);
    }

    private int part(OutboundMessage message) {
        String key = message.key();
        return KeyGroups.slot(key == null ? message.id() : key) % parts.size();
    }

    @Override
    public void send(OutboundMessage message) {
        parts.get(part(message)).send(message);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return parts.get(0).unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        for (ActiveMqSender part : parts) {
            part.close(deadline.left());
        }
    }
}
