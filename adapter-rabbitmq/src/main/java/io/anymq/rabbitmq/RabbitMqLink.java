package io.anymq.rabbitmq;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.GatheringOutput;
import io.anymq.spi.support.GatheringSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection that comes back by itself. The client library's own recovery is off: it would put old consumers and
 * publishers on new channels, where a late acknowledgement can name a message that was never handed out there. Here
 * everything opened on a lost connection stays dead, and its owner opens it again.
 *
 * <p>Thread-safe.
 */
final class RabbitMqLink {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqLink.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final Duration RECONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final RabbitMqConfig config;
    private final String purpose;
    private final RabbitMqConnector connector;
    private final ScheduledExecutorService worker;
    private final Object lock = new Object();

    private @Nullable Connection connection;
    private volatile @Nullable GatheringSocket socket;
    private volatile @Nullable String blocked;
    private @Nullable MessagingException lost;
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /**
     * @param purpose for the server's list of connections, such as {@code publish}
     * @param worker reconnects
     */
    RabbitMqLink(RabbitMqConfig config, String purpose, ScheduledExecutorService worker) {
        this.config = config;
        this.purpose = purpose;
        this.connector = new RabbitMqConnector(config, purpose, worker);
        this.worker = worker;
    }

    /** Connects for the first time; the error says what is wrong. */
    Connection connect(Deadline deadline) {
        RabbitMqConnector.Opened opened = connector.open(deadline.left());
        synchronized (lock) {
            use(opened);
        }
        return watched(opened.connection());
    }

    private Connection watched(Connection opened) {
        opened.addShutdownListener(cause -> lost(opened, cause));
        return opened;
    }

    /** Within the lock. */
    private void use(RabbitMqConnector.Opened opened) {
        connection = opened.connection();
        socket = opened.socket();
        blocked = null;
        // before a sender can see the connection
        opened.connection().addBlockedListener(new Alarm());
    }

    /** The connection, if it is open. */
    Connection get() {
        synchronized (lock) {
            Connection current = connection;
            if (current != null && current.isOpen()) {
                return current;
            }
            if (closed) {
                throw new MessagingException(ErrorCode.CLOSED, "the connection to " + config.where() + " is closed");
            }
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "there is no connection to " + config.where() + "; AnyMQ reconnects as soon as the server answers",
                    true,
                    lost);
        }
    }

    boolean isOpen() {
        synchronized (lock) {
            return connection != null && connection.isOpen();
        }
    }

    /** A new channel. Blocks for a round trip. */
    Channel channel() {
        try {
            Channel channel = get().createChannel();
            if (channel == null) {
                throw new MessagingException(
                        ErrorCode.FULL, config.where() + " allows no more channels; raise its channel_max", true, null);
            }
            return channel;
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("opening a channel", e);
        }
    }

    /** Calls of the client library on one channel. */
    @FunctionalInterface
    interface Task {
        void on(Channel channel) throws IOException;
    }

    /** Runs something on a channel of its own. Blocks for its round trips and two more. */
    void run(String action, Task task) {
        Channel channel = channel();
        try {
            task.on(channel);
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error(action, e);
        } finally {
            RabbitMqConnection.discard(channel);
        }
    }

    /** The output of the connection, which a thread can ask to gather what it writes; null before there is one. */
    @Nullable
    GatheringOutput output() {
        GatheringSocket current = socket;
        return current == null ? null : current.output();
    }

    /** Why the server takes nothing at the moment, or null if it does. */
    @Nullable
    String blocked() {
        return blocked;
    }

    private void lost(Connection which, ShutdownSignalException cause) {
        synchronized (lock) {
            blocked = null;
            lock.notifyAll();
            if (closed || connection != which) {
                return;
            }
            lost = RabbitMqTranslator.error("using " + config.where(), cause);
            pauseMillis = FIRST_PAUSE_MILLIS;
            LOG.warn("The {} connection is lost: {}", purpose, lost.getMessage());
            later();
        }
    }

    private void later() {
        long pause = pauseMillis;
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        var unused = worker.schedule(this::reconnect, pause, TimeUnit.MILLISECONDS);
    }

    private void reconnect() {
        synchronized (lock) {
            if (closed || isOpen()) {
                return;
            }
        }
        try {
            RabbitMqConnector.Opened opened = connector.open(RECONNECT_TIMEOUT);
            boolean late;
            synchronized (lock) {
                late = closed;
                if (!late) {
                    use(opened);
                }
            }
            if (late) {
                opened.connection().abort(100);
                return;
            }
            LOG.info("The {} connection to {} is open again", purpose, config.where());
            watched(opened.connection());
        } catch (MessagingException e) {
            synchronized (lock) {
                lost = e;
                if (!closed) {
                    later();
                }
            }
        }
    }

    /** Waits until the alarm is over, the connection is lost or the time has passed. */
    void awaitUnblocked(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        synchronized (lock) {
            while (blocked != null && !closed && !deadline.passed()) {
                try {
                    lock.wait(deadline.millisLeft());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Breaks the connection off, so that a thread which is stuck in writing to it gets free. */
    void breakOff() {
        GatheringSocket current = socket;
        if (current != null) {
            current.abort();
        }
    }

    void close(Duration timeout) {
        Connection current;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            current = connection;
            lock.notifyAll();
        }
        if (current != null) {
            int bound = (int) Math.max(1, Math.min(60_000, timeout.toMillis()));
            // abort() bounds its wait for the answer, not its own write, which may be stuck behind another
            Future<?> end = worker.schedule(this::breakOff, bound, TimeUnit.MILLISECONDS);
            // ends every channel on it, too
            current.abort(bound);
            end.cancel(false);
        }
        breakOff();
    }

    /** {@code connection.blocked}: the server is short of memory or disk and reads from publishers no more. */
    private final class Alarm implements BlockedListener {
        @Override
        public void handleBlocked(String reason) {
            LOG.warn("{} is on alarm and takes no messages: {}; sends wait and then fail", config.where(), reason);
            blocked = reason == null ? "" : reason;
        }

        @Override
        public void handleUnblocked() {
            synchronized (lock) {
                blocked = null;
                lock.notifyAll();
            }
            LOG.info("{} takes messages again", config.where());
        }
    }
}
