package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Distributes messages for one address over several senders, each on its own connection, for brokers that process the
 * commands of a connection one after the other. All messages of a key take the same sender, so they keep their order.
 * Thread-safe.
 *
 * <pre>{@code
 * new PartitionedSender(connections.stream().map(each -> new AcmeSender(each, address)).toList());
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class PartitionedSender implements BrokerSender {
    private final List<? extends BrokerSender> parts;

    /** @param parts at least one; closed with this one */
    public PartitionedSender(List<? extends BrokerSender> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public void send(OutboundMessage message) {
        String key = message.key();
        parts.get(KeyLane.of(key == null ? message.id() : key, parts.size())).send(message);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return parts.get(0).unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        parts.forEach(part -> part.close(deadline.left()));
    }
}
