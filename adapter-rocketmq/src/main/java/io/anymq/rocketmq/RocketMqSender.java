package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.common.message.MessageQueue;

/** Sends to one topic, through one {@link QueuePipe} for each of its message queues. */
final class RocketMqSender implements BrokerSender {
    private final ProtocolClient client;
    private final String topic;
    private final boolean byKey;
    private final long lifeNanos;
    private final List<QueuePipe> pipes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    RocketMqSender(ProtocolClient client, Address address, List<MessageQueue> queues, SenderOptions options) {
        this.client = client;
        this.topic = RocketMqNames.topic(address);
        this.byKey = address.ordering() != Ordering.UNORDERED;
        this.lifeNanos = options.outcomeWithin().toNanos();
        queues.forEach(queue -> pipes.add(new QueuePipe(client, queue)));
    }

    @Override
    public void send(OutboundMessage message) {
        QueuePipe.Parcel parcel;
        try {
            parcel = new QueuePipe.Parcel(
                    message, RocketMqTranslator.message(topic, message), System.nanoTime() + lifeNanos);
        } catch (MessagingException e) {
            message.rejected(e);
            return;
        }
        pipes.get(pipe(message)).send(parcel);
    }

    /**
     * Keys go where the vendor's own SelectMessageQueueByHash would send them; messages without a key are distributed
     * in turn.
     */
    private int pipe(OutboundMessage message) {
        String key = message.key();
        return byKey && key != null
                ? Math.abs(key.hashCode() % pipes.size())
                : Math.floorMod(turn.getAndIncrement(), pipes.size());
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return client.unwrap(type);
    }

    @Override
    public void close(Duration timeout) {
        MessagingException closed = new MessagingException(ErrorCode.CLOSED, "the sender to " + topic + " is closed");
        pipes.forEach(pipe -> pipe.refuseWaiting(closed));
    }
}
