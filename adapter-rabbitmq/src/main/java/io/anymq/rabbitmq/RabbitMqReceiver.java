package io.anymq.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.support.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
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
    private static final long SETTLE_NANOS = Duration.ofMillis(5).toNanos();

    private static final long BETWEEN_LOOKS_NANOS = Duration.ofSeconds(1).toNanos();

    private final RabbitMqConnection connection;
    private final RabbitMqLink link;
    private final String name;
    private final LaneListener listener;
    private final AttemptRecord attempts;
    private final Duration timeout;
    private final int prefetch;
    private final boolean ordered;
    private final List<RabbitMqLane> lanes = new ArrayList<>();
    private final ConcurrentLinkedQueue<RabbitMqMessage> incoming = new ConcurrentLinkedQueue<>();

    /** Counted in while other lanes were given up; handed out before what came later. */
    private final ArrayDeque<RabbitMqMessage> setAside = new ArrayDeque<>();

    private final Thread thread = Thread.currentThread();

    private volatile boolean waiting;
    private volatile boolean woken;
    /** When the receive thread looks around by itself: who settles something before then need not wake it. */
    private volatile long wakesAt = System.nanoTime();

    /** Whether it has not done so since then. */
    private boolean promised;

    private volatile @Nullable MessagingException failure;

    private long lastLook = System.nanoTime();
    private @Nullable CompletableFuture<Command> look;
    private @Nullable Channel membership;
    private String members = "";
    private boolean closed;

    /** Whether something was handed out or settled since this thread last waited. */
    private boolean active;

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
        this.members = members;
        try {
            if (queues.size() > 1) {
                membership = join(members);
            }
            for (String queue : queues) {
                lanes.add(openLane(queue));
            }
        } catch (RuntimeException e) {
            lanes.forEach(lane -> RabbitMqConnection.discard(lane.channel()));
            Channel joined = membership;
            if (joined != null) {
                RabbitMqConnection.discard(joined);
            }
            throw e;
        }
    }

    /**
     * RabbitMQ counts of a queue with a single active consumer this one alone, so every receiver consumes from a queue
     * without messages as well. Null where somebody else's topology has no such queue.
     */
    private @Nullable Channel join(String members) {
        Channel channel = link.channel();
        try {
            channel.basicConsume(members, true, name, new DefaultConsumer(channel));
            return channel;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqConnection.discard(channel);
            MessagingException error = RabbitMqTranslator.error("joining " + members, e);
            if (error.code() != ErrorCode.NOT_FOUND && error.code() != ErrorCode.AUTHORIZATION) {
                throw error;
            }
            LOG.info("{}: the consumer that was first keeps all lanes while it lives", error.getMessage());
            return null;
        }
    }

    private RabbitMqLane openLane(String queue) {
        DirectChannel channel = link.channel();
        RabbitMqLane lane = new RabbitMqLane(queue, channel, attempts, prefetch);
        try {
            lane.consume(name + "@" + channel.getChannelNumber(), this::arrived, this::broken);
            return lane;
        } catch (IOException | ShutdownSignalException e) {
            RabbitMqConnection.discard(channel);
            throw RabbitMqTranslator.error("receiving from the queue " + queue, e);
        }
    }

    /** On the connection's thread. */
    private void arrived(RabbitMqMessage message) {
        incoming.add(message);
        if (waiting) {
            // those behind it find the thread awake
            waiting = false;
            LockSupport.unpark(thread);
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
                            "the server took the consumer of " + lane.queue() + " away; was the queue deleted?",
                            true,
                            null)
                    : RabbitMqTranslator.error("receiving from the queue " + lane.queue(), cause);
            failure = error;
        }
        LockSupport.unpark(thread);
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        throwIfBroken();
        flush();
        if (lanes.size() > 1) {
            shareOut();
        }
        if (max == 0) {
            return List.of();
        }
        List<RabbitMqMessage> messages = new ArrayList<>();
        take(messages, max);
        if (messages.isEmpty() && !woken && wait.toNanos() > 0) {
            await(wait.toNanos());
            throwIfBroken();
            take(messages, max);
        }
        woken = false;
        active |= !messages.isEmpty();
        return messages;
    }

    private void await(long nanos) {
        long now = System.nanoTime();
        long longest = nanos;
        for (RabbitMqLane lane : lanes) {
            longest = Math.min(longest, lane.acks().nanosUntilDue(now));
        }
        if (promised) {
            // Somebody may have left it at that.
            longest = Math.min(longest, wakesAt - now);
            promised = longest > 0;
        } else if (active) {
            longest = Math.min(longest, SETTLE_NANOS);
            wakesAt = now + longest;
            promised = true;
        }
        active = false;
        long deadline = now + longest;
        try {
            for (long left = longest; left > 0; left = deadline - System.nanoTime()) {
                // each time anew and before the look, because whoever wakes this thread takes it back
                waiting = true;
                if (!incoming.isEmpty() || woken || failure != null) {
                    return;
                }
                LockSupport.parkNanos(this, left);
                if (thread.isInterrupted()) {
                    return;
                }
            }
        } finally {
            waiting = false;
        }
    }

    private void take(List<RabbitMqMessage> messages, int max) {
        boolean doubtful = false;
        while (messages.size() < max && !setAside.isEmpty()) {
            RabbitMqMessage message = setAside.remove();
            messages.add(message);
            doubtful |= message.attempts() == UNREAD;
        }
        while (messages.size() < max) {
            RabbitMqMessage message = incoming.poll();
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
        active = true;
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
        long step = now - Math.floorMod(now, SETTLE_NANOS);
        try {
            link.together(() -> {
                for (int i = 0; i < lanes.size(); i++) {
                    lanes.get(i).flush(step);
                }
            });
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("acknowledging", e);
        }
    }

    // ---- sharing the queues of one source

    private void shareOut() {
        CompletableFuture<Command> asked = look;
        if (asked == null) {
            if (System.nanoTime() - lastLook >= BETWEEN_LOOKS_NANOS) {
                lastLook = System.nanoTime();
                look = ask();
            }
            return;
        }
        if (!asked.isDone()) {
            return;
        }
        look = null;
        if (asked.isCompletedExceptionally()) {
            return;
        }
        if (asked.join().getMethod() instanceof AMQP.Queue.DeclareOk answer) {
            int share = (lanes.size() + answer.getConsumerCount() - 1) / Math.max(1, answer.getConsumerCount());
            List<RabbitMqLane> active =
                    lanes.stream().filter(RabbitMqLane::isActive).toList();
            if (active.size() > share) {
                goToTheEndOfTheLine(active.subList(share, active.size()));
            }
        }
    }

    /** How many receivers there are, without waiting for the answer. */
    private @Nullable CompletableFuture<Command> ask() {
        Channel channel = membership;
        if (channel == null) {
            return null;
        }
        try {
            return channel.asyncCompletableRpc(
                    new AMQP.Queue.Declare.Builder().queue(members).passive().build());
        } catch (IOException | ShutdownSignalException e) {
            LOG.debug("the consumers of {} could not be counted", name, e);
            return null;
        }
    }

    private void goToTheEndOfTheLine(List<RabbitMqLane> leaving) {
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
                LOG.debug("the last acknowledgements to {} were lost", lane.queue(), e);
            }
        }
        for (RabbitMqMessage message = incoming.poll(); message != null; message = incoming.poll()) {
            if (take(message)) {
                setAside.add(message);
            }
        }
        for (RabbitMqLane lane : leaving) {
            for (RabbitMqMessage message : lane.acks().open()) {
                // What is recorded of it is still true if nobody has looked at it here.
                if (message.attempts() != UNREAD) {
                    returned.put(message.identity(), message.attempts());
                }
            }
        }
        try {
            Duration half = deadline.left().dividedBy(2);
            connection.run(() -> attempts.save(returned, half), half);
        } catch (MessagingException | IOException e) {
            LOG.warn("how often messages of {} were tried could not be written down: {}", name, e.getMessage());
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
        if (System.nanoTime() - wakesAt >= 0) {
            woken = true;
            LockSupport.unpark(thread);
        }
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
            Channel joined = membership;
            if (joined != null) {
                connection.dispose(joined);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
