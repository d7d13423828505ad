package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.LaneListener;
import io.anymq.spi.WindowedReceiver;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.PushReceiver;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the queues of one source. With per-key order every receiver stands in line at every queue, and the server makes
 * the first in line its single active consumer; one that is active on more than its share goes to the end of the line.
 */
final class RabbitMqReceiver extends PushReceiver<RabbitMqLane, RabbitMqMessage> implements WindowedReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqReceiver.class);

    /** How long settlements wait for one another; the queues' acknowledgements then go to the network together. */
    private static final Duration SETTLE = Duration.ofMillis(5);

    private final RabbitMqLink link;
    private final String name;
    private final boolean unordered;
    private final int lanePrefetch;
    private final LaneListener listener;
    private final AttemptRecord attempts;
    private final LaneShare share = new LaneShare();
    private @Nullable Membership membership;
    private boolean begun;

    /** A receiver of the current thread. */
    RabbitMqReceiver(
            RabbitMqLink link,
            boolean unordered,
            int lanePrefetch,
            String name,
            LaneListener listener,
            AttemptRecord attempts) {
        super(SETTLE);
        this.link = link;
        this.unordered = unordered;
        this.lanePrefetch = lanePrefetch;
        this.name = name;
        this.listener = listener;
        this.attempts = attempts;
    }

    /** @param members where the receivers of several queues are counted */
    void open(List<String> queues, List<HelperQueue> members) {
        boolean opened = false;
        try {
            if (queues.size() > 1) {
                membership = new Membership(link, members, name);
            }
            for (String queue : queues) {
                own(openLane(queue));
            }
            // now, because a server that dies while it creates a quorum queue may leave one that never answers
            attempts.open();
            opened = true;
        } finally {
            if (!opened) {
                lanes().forEach(lane -> RabbitMqLink.discard(lane.channel));
                if (membership != null) {
                    membership.close();
                }
            }
        }
    }

    private RabbitMqLane openLane(String queue) {
        Channel channel = link.channel();
        RabbitMqLane lane = new RabbitMqLane(queue, channel, attempts, lanePrefetch);
        try {
            lane.consume(name + "@" + channel.getChannelNumber(), this::arrived, this::broken);
            return lane;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqLink.discard(channel);
            throw RabbitMqTranslator.error("receiving from the queue " + queue, e);
        }
    }

    /**
     * Only without order: a subscription's prefetch cannot be changed, and another subscription may have to stand in
     * line behind those of other receivers.
     */
    @Override
    public void window(int messages) {
        if (!unordered) {
            return;
        }
        for (RabbitMqLane lane : lanes()) {
            try {
                lane.window(messages);
            } catch (IOException | ShutdownSignalException e) {
                throw RabbitMqTranslator.error("receiving from the queue " + lane.queue, e);
            }
        }
    }

    @Override
    public boolean isStalled() {
        return lanes().stream().anyMatch(RabbitMqLane::isStalled);
    }

    /** On the connection's thread: the server or the network ended a lane that was not given up here. */
    private void broken(RabbitMqLane lane, @Nullable Throwable cause) {
        if (cause instanceof ShutdownSignalException signal
                && signal.isInitiatedByApplication()
                && signal.getReason() instanceof AMQP.Channel.Close) {
            return;
        }
        fail(
                cause != null
                        ? RabbitMqTranslator.error("receiving from the queue " + lane.queue, cause)
                        : VendorErrors.error(
                                ErrorCode.UNAVAILABLE,
                                "the server cancelled the consumer of " + lane.queue
                                        + "; check whether the queue was deleted",
                                null));
    }

    @Override
    protected RabbitMqLane owner(RabbitMqMessage message) {
        return message.owner;
    }

    @Override
    protected long number(RabbitMqMessage message) {
        return message.tag();
    }

    @Override
    protected void handOut(List<RabbitMqMessage> messages) {
        if (!begun && !messages.isEmpty()) {
            begun = true;
            attempts.open();
            messages.get(0).recordAttempts();
        }
        boolean read = false;
        for (RabbitMqMessage message : messages) {
            if (!message.isLookedUp()) {
                if (!read) {
                    attempts.read();
                    read = true;
                }
                message.know(attempts.of(message));
            }
        }
    }

    /** Its acknowledgement may be lost; what comes again then has not failed. */
    @Override
    protected void settled(RabbitMqMessage message) {
        if (message.isRecorded()) {
            attempts.remember(message, 0);
        }
    }

    @Override
    protected void flush(long now) {
        try {
            link.output().together(() -> {
                for (RabbitMqLane lane : lanes()) {
                    lane.flush(now);
                }
            });
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("acknowledging", e);
        }
    }

    /** Goes to the end of the line at the lanes that are more than this receiver's share. */
    @Override
    protected void rebalance() {
        int members = membership == null ? 0 : membership.count();
        if (members == 0) {
            return;
        }
        List<RabbitMqLane> active = lanes().stream().filter(lane -> lane.active).toList();
        int surplus = share.surplus(active.size(), lanes().size(), members, System.nanoTime());
        if (surplus > 0) {
            List<RabbitMqLane> leaving = active.subList(active.size() - surplus, active.size());
            listener.lanesRevoked(leaving.stream().map(RabbitMqLane::token).toList());
            giveUp(leaving, attempts.timeout);
            for (RabbitMqLane lane : leaving) {
                own(openLane(lane.queue));
            }
        }
    }

    /** Settles, writes down the attempts at what goes back, and closes the channels, in this order. */
    private void giveUp(List<RabbitMqLane> leaving, Duration bound) {
        Deadline deadline = Deadline.after(bound);
        List<RabbitMqMessage> returned = new ArrayList<>();
        for (RabbitMqLane lane : leaving) {
            try {
                lane.flushAll();
            } catch (IOException | ShutdownSignalException e) {
                LOG.debug(
                        "Could not send the last acknowledgements to {}; their messages will be redelivered",
                        lane.queue,
                        e);
            }
            returned.addAll(lane.acks().open());
        }
        try {
            attempts.save(returned, deadline.left().dividedBy(2));
        } catch (MessagingException | IOException e) {
            LOG.warn(
                    "Could not record the attempts of messages of {}: {}; other processes count none",
                    name,
                    e.getMessage());
        }
        disown(leaving);
        try {
            link.run(() -> leaving.forEach(lane -> RabbitMqLink.discard(lane.channel)), deadline.left());
        } catch (IOException e) {
            LOG.warn("Could not close channels in time: {}; they close with their connection", e.getMessage());
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return lanes().stream()
                .map(lane -> lane.channel)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    @Override
    protected void release(Duration bound) {
        try {
            giveUp(List.copyOf(lanes()), bound);
        } finally {
            attempts.close();
            if (membership != null) {
                membership.close();
            }
        }
    }
}
