package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.GatheringOutput;
import io.anymq.spi.support.Inbox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the queues of one source. With per-key order every receiver stands in line at every queue, and the server makes
 * the first in line its single active consumer; one that is active on more than its share goes to the end of the line.
 */
final class RabbitMqReceiver implements BrokerReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqReceiver.class);
    private static final int MOST_PREFETCH = 65_535;
    private static final int LEAST_PREFETCH = 32;

    /** Attempts at a message that has come back and whose record was not read yet. */
    private static final int UNREAD = -1;

    /** How long settlements wait for one another; the queues' acknowledgements then go to the network together. */
    private static final Duration SETTLE = Duration.ofMillis(5);

    private final RabbitMqConnection connection;
    private final RabbitMqLink link;
    private final String name;
    private final LaneListener listener;
    private final AttemptRecord attempts;
    private final Duration timeout;
    private final int prefetch;
    private final boolean ordered;
    private final List<RabbitMqLane> lanes = new ArrayList<>();
    private final Inbox<RabbitMqMessage> inbox = new Inbox<>(SETTLE);

    /** Counted in while other lanes were given up; handed out before what came later. */
    private final ArrayDeque<RabbitMqMessage> setAside = new ArrayDeque<>();

    private volatile @Nullable MessagingException failure;

    private @Nullable Membership membership;
    private boolean closed;

    RabbitMqReceiver(
            RabbitMqConnection connection,
            RabbitMqLink link,
            RabbitMqConfig config,
            ReceiverOptions options,
            LaneListener listener,
            AttemptRecord attempts,
            int laneCount,
            boolean ordered) {
        this.connection = connection;
        this.link = link;
        this.name = options.name();
        this.listener = listener;
        this.attempts = attempts;
        this.ordered = ordered;
        this.timeout = config.operationTimeout();
        int window = Math.min(MOST_PREFETCH, options.maxInFlight());
        // Twice an even share, because keys are never spread evenly.
        this.prefetch = laneCount == 1
                ? window
                : Math.min(window, Math.max(LEAST_PREFETCH, (2 * window + laneCount - 1) / laneCount));
    }

    /** @param members the queue in which receivers are counted, if there are several lanes to share */
    void open(List<String> queues, String members) {
        try {
            if (queues.size() > 1) {
                membership = Membership.join(link, members, name);
            }
            for (String queue : queues) {
                lanes.add(openLane(queue));
            }
        } catch (RuntimeException e) {
            lanes.forEach(lane -> RabbitMqConnection.discard(lane.channel()));
            if (membership != null) {
                RabbitMqConnection.discard(membership.channel());
            }
            throw e;
        }
    }

    private RabbitMqLane openLane(String queue) {
        Channel channel = link.channel();
        RabbitMqLane lane = new RabbitMqLane(queue, channel, attempts, prefetch);
        try {
            lane.consume(name + "@" + channel.getChannelNumber(), inbox::add, this::broken);
            return lane;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqConnection.discard(channel);
            throw RabbitMqTranslator.error("receiving from the queue " + queue, e);
        }
    }

    /** On the connection's thread: the server or the network ended a lane that was not given up here. */
    private void broken(RabbitMqLane lane, @Nullable Throwable cause) {
        if (cause instanceof ShutdownSignalException signal
                && signal.isInitiatedByApplication()
                && signal.getReason() instanceof AMQP.Channel.Close) {
            return;
        }
        if (failure == null) {
            MessagingException error = cause == null
                    ? new MessagingException(
                            ErrorCode.UNAVAILABLE,
                            "the server cancelled the consumer of " + lane.queue()
                                    + "; check whether the queue was deleted",
                            true,
                            null)
                    : RabbitMqTranslator.error("receiving from the queue " + lane.queue(), cause);
            failure = error;
        }
        inbox.end();
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        throwIfBroken();
        flush();
        Membership joined = membership;
        if (joined != null) {
            shareOut(joined);
        }
        if (max == 0) {
            return List.of();
        }
        List<RabbitMqMessage> messages = new ArrayList<>();
        take(messages, max);
        if (messages.isEmpty()) {
            inbox.await(Math.min(wait.toNanos(), nanosUntilFlush()));
            throwIfBroken();
            take(messages, max);
        }
        inbox.looked(!messages.isEmpty());
        return messages;
    }

    private long nanosUntilFlush() {
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        for (RabbitMqLane lane : lanes) {
            nanos = Math.min(nanos, lane.acks().nanosUntilDue(now));
        }
        return nanos;
    }

    private void take(List<RabbitMqMessage> messages, int max) {
        boolean doubtful = false;
        while (messages.size() < max && !setAside.isEmpty()) {
            RabbitMqMessage message = setAside.remove();
            messages.add(message);
            doubtful |= message.attempts() == UNREAD;
        }
        while (messages.size() < max) {
            RabbitMqMessage message = inbox.poll();
            if (message == null) {
                break;
            }
            if (take(message)) {
                messages.add(message);
                doubtful |= message.attempts() == UNREAD;
            }
        }
        if (doubtful) {
            attempts.read();
            for (RabbitMqMessage message : messages) {
                if (message.attempts() == UNREAD) {
                    message.know(attempts.of(message));
                }
            }
        }
    }

    /** False if its lane is not owned any more. */
    private boolean take(RabbitMqMessage message) {
        RabbitMqLane lane = message.owner();
        if (!lane.owned) {
            return false;
        }
        if (message.isRedelivered()) {
            message.know(UNREAD);
        }
        lane.acks().add(message.tag(), message);
        return true;
    }

    private void throwIfBroken() {
        MessagingException error = failure;
        if (error != null) {
            throw error;
        }
    }

    @Override
    public void acknowledge(List<? extends InboundMessage> messages) {
        throwIfBroken();
        inbox.busy();
        for (int i = 0; i < messages.size(); i++) {
            RabbitMqMessage message = (RabbitMqMessage) messages.get(i);
            if (message.owner().owned) {
                message.owner().acks().done(message.tag());
            }
        }
        flush();
    }

    private void flush() {
        // In step, so that the lanes are due at the same time.
        long now = System.nanoTime();
        long step = now - Math.floorMod(now, SETTLE.toNanos());
        try {
            GatheringOutput output = link.output();
            if (output == null) {
                flush(step);
            } else {
                output.together(() -> flush(step));
            }
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("acknowledging", e);
        }
    }

    private void flush(long step) throws IOException {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).flush(step);
        }
    }

    // ---- sharing the queues of one source

    private void shareOut(Membership joined) {
        int members = joined.count();
        if (members == 0) {
            return;
        }
        int share = (lanes.size() + members - 1) / members;
        List<RabbitMqLane> active =
                lanes.stream().filter(RabbitMqLane::isActive).toList();
        if (active.size() > share) {
            resubscribe(active.subList(share, active.size()));
        }
    }

    /** Goes to the end of the line at these lanes. */
    private void resubscribe(List<RabbitMqLane> leaving) {
        listener.lanesRevoked(leaving.stream().map(RabbitMqLane::token).toList());
        List<String> queues = leaving.stream().map(RabbitMqLane::queue).toList();
        giveUp(List.copyOf(leaving), timeout);
        for (String queue : queues) {
            lanes.add(openLane(queue));
        }
    }

    /** Settles, writes down the attempts at what goes back, and closes the channels, in this order. */
    private void giveUp(List<RabbitMqLane> leaving, Duration bound) {
        Deadline deadline = Deadline.after(bound);
        Map<String, Integer> returned = new HashMap<>();
        for (RabbitMqLane lane : leaving) {
            try {
                lane.flushAll();
                if (ordered) {
                    returned.put(AttemptRecord.clean(lane.queue()), 0);
                } else {
                    connection.run(lane::cancel, deadline.left().dividedBy(4));
                }
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug(
                        "Could not send the last acknowledgements to {}; their messages will be redelivered",
                        lane.queue(),
                        e);
            }
        }
        for (RabbitMqMessage message = inbox.poll(); message != null; message = inbox.poll()) {
            if (take(message)) {
                setAside.add(message);
            }
        }
        for (RabbitMqLane lane : leaving) {
            for (RabbitMqMessage message : lane.acks().open()) {
                // What is recorded of it is still true if it was not looked at here.
                if (message.attempts() != UNREAD) {
                    returned.put(message.identity(), message.attempts());
                }
            }
        }
        try {
            Duration half = deadline.left().dividedBy(2);
            connection.run(() -> attempts.save(returned, half), half);
        } catch (MessagingException | IOException e) {
            LOG.warn(
                    "Could not record the attempts of messages of {}: {}; they count as tried once",
                    name,
                    e.getMessage());
        }
        for (RabbitMqLane lane : leaving) {
            lane.owned = false;
            lanes.remove(lane);
        }
        setAside.removeIf(message -> !message.owner().owned);
        connection.discardAll(leaving.stream().map(RabbitMqLane::channel).toList(), deadline.left());
    }

    // ---- the rest

    @Override
    public void wakeup() {
        inbox.wakeup();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return lanes.stream()
                .map(RabbitMqLane::channel)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    public void close(Duration bound) {
        if (closed) {
            return;
        }
        closed = true;
        // An interrupted thread could not wait for the server's answers.
        boolean interrupted = Thread.interrupted();
        try {
            giveUp(List.copyOf(lanes), bound);
        } finally {
            attempts.close();
            if (membership != null) {
                connection.dispose(membership.channel());
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
