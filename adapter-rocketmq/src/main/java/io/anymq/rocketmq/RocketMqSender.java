package io.anymq.rocketmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.support.OutstandingSends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;

/** Sends to one topic, through one {@link QueuePipe} for each of its message queues. */
final class RocketMqSender implements BrokerSender, QueuePipe.Outcomes {
    private final RocketMqClient client;
    private final String topic;
    private final boolean byKey;
    private final long lifeNanos;
    private final List<QueuePipe> pipes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<RocketMqSender> siblings;
    private final OutstandingSends<QueuePipe.Parcel> outstanding;
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean closed;

    private RocketMqSender(
            RocketMqClient client,
            RocketMqRoutes routes,
            Address address,
            List<MessageQueue> queues,
            SenderOptions options,
            Set<RocketMqSender> siblings) {
        this.client = client;
        this.topic = RocketMqNames.topic(address);
        this.byKey = address.ordering() != Ordering.UNORDERED;
        // So that the outcome is here before the engine stops waiting for it.
        this.lifeNanos = options.sendTimeout().toNanos() * 95 / 100;
        this.siblings = siblings;
        this.outstanding = new OutstandingSends<>(options.maxInFlight());
        queues.forEach(queue -> pipes.add(new QueuePipe(client, routes, queue, this)));
    }

    /** A sender that is in {@code siblings} until it is closed. */
    static RocketMqSender open(
            RocketMqClient client,
            RocketMqRoutes routes,
            Address address,
            List<MessageQueue> queues,
            SenderOptions options,
            Set<RocketMqSender> siblings) {
        RocketMqSender sender = new RocketMqSender(client, routes, address, queues, options, siblings);
        siblings.add(sender);
        return sender;
    }

    @Override
    public void send(OutboundMessage message) {
        QueuePipe.Parcel parcel = parcel(message);
        if (parcel != null) {
            pipes.get(pipe(message)).send(parcel);
        }
    }

    @Override
    public void send(List<? extends OutboundMessage> messages) {
        if (messages.size() == 1) {
            send(messages.get(0));
            return;
        }
        List<List<QueuePipe.Parcel>> loads = new ArrayList<>(pipes.size());
        pipes.forEach(pipe -> loads.add(new ArrayList<>()));
        for (int i = 0; i < messages.size(); i++) {
            QueuePipe.Parcel parcel = parcel(messages.get(i));
            if (parcel != null) {
                loads.get(pipe(messages.get(i))).add(parcel);
            }
        }
        for (int i = 0; i < loads.size(); i++) {
            if (!loads.get(i).isEmpty()) {
                pipes.get(i).send(loads.get(i));
            }
        }
    }

    /** Null when the outcome has been reported. */
    private QueuePipe.@Nullable Parcel parcel(OutboundMessage message) {
        if (closed) {
            message.rejected(new MessagingException(ErrorCode.CLOSED, "the sender to " + topic + " is closed"));
            return null;
        }
        try {
            QueuePipe.Parcel parcel = new QueuePipe.Parcel(
                    message, RocketMqTranslator.message(topic, message), System.nanoTime() + lifeNanos);
            if (outstanding.add(parcel)) {
                return parcel;
            }
            message.rejected(new MessagingException(
                    ErrorCode.FULL, "more sends to " + topic + " are under way than were announced", true, null));
        } catch (MessagingException e) {
            message.rejected(e);
        }
        return null;
    }

    /** Keys go where the vendor's own SelectMessageQueueByHash would send them; what has none takes turns. */
    private int pipe(OutboundMessage message) {
        String key = message.key();
        return byKey && key != null
                ? Math.abs(key.hashCode() % pipes.size())
                : Math.floorMod(turn.getAndIncrement(), pipes.size());
    }

    @Override
    public void confirmed(QueuePipe.Parcel parcel, SendResult receipt) {
        if (outstanding.remove(parcel)) {
            parcel.message.confirmed(receipt);
            ended();
        }
    }

    @Override
    public void rejected(QueuePipe.Parcel parcel, MessagingException error) {
        if (outstanding.remove(parcel)) {
            parcel.message.rejected(error);
            ended();
        }
    }

    @Override
    public void unknown(QueuePipe.Parcel parcel, MessagingException error) {
        if (outstanding.remove(parcel)) {
            parcel.message.unknown(error);
            ended();
        }
    }

    private void ended() {
        if (closed && outstanding.isEmpty()) {
            drained.countDown();
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        MQClientAPIImpl api = client.api();
        return type.isInstance(api) ? Optional.of(type.cast(api)) : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        if (closed && outstanding.isEmpty()) {
            return;
        }
        closed = true;
        if (outstanding.isEmpty() || !awaitDrained(timeout)) {
            outstanding.forEach(parcel -> unknown(
                    parcel,
                    new MessagingException(
                            ErrorCode.TIMEOUT,
                            "the sender to " + topic + " was closed before the broker had answered",
                            true,
                            null)));
        }
        siblings.remove(this);
    }

    private boolean awaitDrained(Duration timeout) {
        try {
            return drained.await(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
