package io.anymq.activemq;

import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.TransactionalReceiver;
import io.anymq.spi.WindowedReceiver;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Inbox;
import io.anymq.spi.support.Uninterrupted;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.command.ActiveMQQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one queue, or the queues of a redelivery address, over a connection of its own. */
final class ActiveMqReceiver implements PausableReceiver, TransactionalReceiver, WindowedReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqReceiver.class);

    /** Messages of a redelivery lane mostly wait; a few in advance will do. */
    private static final int LANE_PREFETCH = 32;

    /** How long settlements wait for one another. */
    private static final Duration SETTLE = Duration.ofMillis(5);

    private final OpenWireLink link;
    private final ActiveMqServer server;
    private final Address address;
    private final int most;
    private final int remembered;
    private int window;
    private final int largestBody;
    private final LaneListener listener;
    private final ChainCommitter chains;
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private final Inbox<QueueConsumer.Arrival> inbox = new Inbox<>(SETTLE);
    private @Nullable JoinSignal joins;
    private boolean ownsGroups;
    private boolean closed;

    private ActiveMqReceiver(
            OpenWireLink link, ActiveMqServer server, Address address, ReceiverOptions options, LaneListener listener) {
        this.link = link;
        this.server = server;
        this.address = address;
        int most = address instanceof Address.Redelivery
                ? LANE_PREFETCH
                : server.config().prefetch();
        this.most = most;
        this.remembered = Math.max(1, Math.min(options.maxInFlight(), most));
        this.window = remembered;
        this.largestBody = server.config().maxBodyBytes(link.maxFrameBytes());
        this.listener = listener;
        this.chains = new ChainCommitter(link, server);
    }

    static ActiveMqReceiver open(
            ActiveMqServer server, Address address, ReceiverOptions options, LaneListener listener) {
        Deadline deadline = Deadline.after(server.config().operationTimeout());
        OpenWireLink link = OpenWireLink.open(server.config(), deadline.left());
        try {
            ActiveMqReceiver receiver = new ActiveMqReceiver(link, server, address, options, listener);
            receiver.subscribe(deadline);
            return receiver;
        } catch (JMSException | RuntimeException e) {
            link.close();
            throw ActiveMqTranslator.error("opening a receiver of " + address, e);
        }
    }

    private void subscribe(Deadline deadline) throws JMSException {
        link.onFailure(inbox::end);
        boolean subscribed = false;
        try {
            for (ActiveMQQueue queue : server.names().sources(address)) {
                consumers.add(consumer(queue, deadline.left()));
                if (address.ordering() == Ordering.PER_KEY) {
                    joins = JoinSignal.open(link, queue, inbox::wakeup, deadline.left());
                }
            }
            subscribed = true;
        } finally {
            if (!subscribed) {
                lose();
            }
        }
    }

    private void lose() {
        deliver();
        consumers.forEach(QueueConsumer::lose);
    }

    private QueueConsumer consumer(ActiveMQQueue queue, Duration timeout) throws JMSException {
        return new QueueConsumer(
                link,
                queue,
                window,
                most,
                remembered,
                !server.isClassic(),
                largestBody,
                server.lostDeliveries(),
                inbox,
                timeout);
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        link.requireOpen();
        try {
            rebalance();
            flush();
            if (max == 0) {
                return List.of();
            }
            List<ActiveMqMessage> messages = new ArrayList<>();
            take(messages, max);
            if (messages.isEmpty()) {
                inbox.await(Math.min(wait.toNanos(), nanosUntilFlush()));
                take(messages, max);
            }
            if (messages.isEmpty()) {
                link.requireOpen();
            }
            inbox.looked(!messages.isEmpty());
            ownsGroups |= !messages.isEmpty();
            return messages;
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("receiving from " + address, e);
        }
    }

    private void take(List<ActiveMqMessage> messages, int max) throws JMSException {
        deliver();
        for (QueueConsumer consumer : consumers) {
            consumer.take(messages, max);
        }
    }

    private void deliver() {
        for (QueueConsumer.Arrival arrival = inbox.poll(); arrival != null; arrival = inbox.poll()) {
            arrival.deliver();
        }
    }

    private long nanosUntilFlush() {
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        for (QueueConsumer consumer : consumers) {
            nanos = Math.min(nanos, consumer.nanosUntilFlush(now));
        }
        return nanos;
    }

    /**
     * Another consumer has joined: finishes what runs, subscribes as a new consumer, and only then leaves as the old
     * one, so that the groups of the old one go to all that are there.
     */
    private void rebalance() throws JMSException {
        JoinSignal signal = joins;
        if (signal == null || !signal.takeJoin() || !ownsGroups) {
            return;
        }
        Duration timeout = server.config().operationTimeout();
        QueueConsumer old = consumers.get(0);
        listener.lanesRevoked(List.of(old.lane()));
        old.disown();
        consumers.set(0, consumer(old.queue(), timeout));
        ownsGroups = false;
        try {
            old.remove(timeout);
        } finally {
            old.lose();
        }
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        inbox.busy();
        try {
            for (int i = 0; i < messages.size(); i++) {
                ActiveMqMessage message = (ActiveMqMessage) messages.get(i);
                if (message.owner().owned) {
                    message.owner().acknowledge(message);
                }
            }
            flush();
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("acknowledging to " + address, e);
        }
    }

    private void flush() throws JMSException {
        long now = System.nanoTime();
        for (int i = 0; i < consumers.size(); i++) {
            consumers.get(i).flush(now);
        }
    }

    @Override
    public void commit(List<? extends Chain> committed) {
        chains.commit(committed);
    }

    /** Of several redelivery lanes each has its share. */
    @Override
    public void window(int messages) {
        int share = Math.max(1, messages / consumers.size());
        window = Math.min(share, most);
        try {
            for (QueueConsumer consumer : consumers) {
                consumer.window(window);
            }
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("receiving from " + address, e);
        }
    }

    @Override
    public void pause(Lane lane) {
        setPaused(lane, true);
    }

    @Override
    public void resume(Lane lane) {
        setPaused(lane, false);
    }

    private void setPaused(Lane wanted, boolean paused) {
        for (QueueConsumer consumer : consumers) {
            if (consumer.lane() == wanted) {
                consumer.paused = paused;
            }
        }
    }

    @Override
    public void wakeup() {
        inbox.wakeup();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return link.unwrap(type);
    }

    @Override
    public void close(Duration bound) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(bound);
        try {
            // An interrupted thread could not say goodbye.
            Uninterrupted.run(() -> {
                for (QueueConsumer consumer : consumers) {
                    if (link.isOpen()) {
                        consumer.remove(deadline.left());
                    }
                }
            });
        } catch (JMSException e) {
            LOG.debug("Could not close a consumer; the broker takes its messages back when the connection ends", e);
        } finally {
            lose();
            link.close();
        }
    }
}
