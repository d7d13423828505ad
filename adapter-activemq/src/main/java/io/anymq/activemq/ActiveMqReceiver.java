package io.anymq.activemq;

import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.Chain;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.TransactionalReceiver;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one queue, or the queues of a redelivery address, over a connection of its own. */
final class ActiveMqReceiver implements PausableReceiver, TransactionalReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqReceiver.class);

    /** Messages of a redelivery lane mostly wait; a few in advance will do. */
    private static final int LANE_PREFETCH = 32;

    private final OpenWireLink link;
    private final ActiveMqNames names;
    private final Address address;
    private final Duration timeout;
    private final int prefetch;
    private final LaneListener listener;
    private final ChainCommitter chains;
    private final List<QueueConsumer> consumers = new ArrayList<>();
    private @Nullable JoinSignal joins;
    private boolean ownsGroups;
    private boolean closed;
    private volatile @Nullable Thread waiting;
    private volatile boolean woken;

    private ActiveMqReceiver(
            OpenWireLink link,
            ActiveMqConfig config,
            ActiveMqNames names,
            Address address,
            ReceiverOptions options,
            LaneListener listener,
            ServerKind kind) {
        this.link = link;
        this.names = names;
        this.address = address;
        this.timeout = config.operationTimeout();
        this.prefetch = Math.max(1, Math.min(options.maxInFlight(), config.prefetch()));
        this.listener = listener;
        this.chains = new ChainCommitter(link, names, timeout, kind == ServerKind.CLASSIC);
    }

    static ActiveMqReceiver open(
            ActiveMqConfig config,
            ActiveMqNames names,
            Address address,
            ReceiverOptions options,
            LaneListener listener,
            ServerKind kind) {
        Deadline deadline = Deadline.after(config.operationTimeout());
        OpenWireLink link = OpenWireLink.open(config, deadline.left());
        ActiveMqReceiver receiver = new ActiveMqReceiver(link, config, names, address, options, listener, kind);
        boolean opened = false;
        try {
            receiver.subscribe(deadline);
            opened = true;
            return receiver;
        } catch (JMSException e) {
            throw ActiveMqTranslator.error("opening a receiver of " + address, e);
        } finally {
            if (!opened) {
                link.close();
            }
        }
    }

    private void subscribe(Deadline deadline) throws JMSException {
        link.onFailure(this::wakeup);
        if (address instanceof Address.Redelivery redelivery) {
            for (int lane = 0; lane < redelivery.lanes(); lane++) {
                consumers.add(QueueConsumer.open(
                        link,
                        names.source(address, lane),
                        Math.min(prefetch, LANE_PREFETCH),
                        this::arrived,
                        deadline.left()));
            }
            return;
        }
        consumers.add(QueueConsumer.open(link, names.source(address, -1), prefetch, this::arrived, deadline.left()));
        if (address.ordering() == Ordering.PER_KEY) {
            joins = JoinSignal.open(link, names.source(address, -1), this::arrived, deadline.left());
        }
    }

    /** Called by the thread that reads from the broker. */
    private void arrived() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
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
            if (messages.isEmpty() && await(wait)) {
                take(messages, max);
            }
            if (messages.isEmpty()) {
                link.requireOpen();
            }
            return messages;
        } catch (JMSException e) {
            throw failed("receiving from " + address, e);
        }
    }

    private void take(List<ActiveMqMessage> messages, int max) throws JMSException {
        for (QueueConsumer consumer : consumers) {
            if (!consumer.paused) {
                consumer.take(messages, max);
            }
        }
        ownsGroups |= !messages.isEmpty();
    }

    /** Whether something is there; ends early when woken. */
    private boolean await(Duration wait) {
        waiting = Thread.currentThread();
        try {
            long now = System.nanoTime();
            long longest = wait.toNanos();
            for (QueueConsumer consumer : consumers) {
                longest = Math.min(longest, consumer.nanosUntilFlush(now));
            }
            long end = now + longest;
            while (true) {
                if (woken) {
                    woken = false;
                    return hasSome();
                }
                if (hasSome()) {
                    return true;
                }
                long left = end - System.nanoTime();
                if (left <= 0 || Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting = null;
        }
    }

    private boolean hasSome() {
        for (QueueConsumer consumer : consumers) {
            if (consumer.hasSome()) {
                return true;
            }
        }
        return false;
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
        QueueConsumer old = consumers.get(0);
        listener.lanesRevoked(List.of(old.lane()));
        old.disown();
        consumers.set(0, QueueConsumer.open(link, names.source(address, -1), prefetch, this::arrived, timeout));
        ownsGroups = false;
        old.remove(timeout);
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        try {
            for (int i = 0; i < messages.size(); i++) {
                ActiveMqMessage message = (ActiveMqMessage) messages.get(i);
                if (message.owner().owned) {
                    message.owner().acknowledge(message);
                }
            }
            flush();
        } catch (JMSException e) {
            throw failed("acknowledging to " + address, e);
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
        woken = true;
        arrived();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(link.connection()) ? Optional.of(type.cast(link.connection())) : Optional.empty();
    }

    /** The engine opens a new receiver; this one's connection is of no use any more. */
    private MessagingException failed(String action, JMSException failure) {
        return ActiveMqTranslator.error(action, failure);
    }

    @Override
    public void close(Duration bound) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(bound);
        // An interrupted thread could not say goodbye.
        boolean interrupted = Thread.interrupted();
        try {
            for (QueueConsumer consumer : consumers) {
                if (link.isOpen()) {
                    consumer.remove(deadline.left());
                }
            }
        } catch (JMSException e) {
            LOG.debug("Could not close a consumer; the broker takes its messages back when the connection ends", e);
        } finally {
            link.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
