package io.anymq.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.SameThreadExecutor;
import io.anymq.spi.support.TlsHandshake;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection that comes back by itself. The client library's own recovery is off: it would put old consumers and
 * publishers on new channels, where a late acknowledgement can name a message that was never handed out there. Here
 * everything opened on a lost connection stays dead, and its owner opens it anew.
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
    private final ScheduledExecutorService worker;
    private final Object lock = new Object();

    private @Nullable Connection connection;
    private @Nullable Socket socket;
    private volatile @Nullable String blocked;
    private volatile @Nullable GatheringFrames frames;
    private @Nullable MessagingException lost;
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /**
     * @param purpose for the server's list of connections, such as {@code publish}
     * @param worker where lost connections are opened anew
     */
    RabbitMqLink(RabbitMqConfig config, String purpose, ScheduledExecutorService worker) {
        this.config = config;
        this.purpose = purpose;
        this.worker = worker;
    }

    /** Connects for the first time; the error says what is wrong. */
    Connection connect(Deadline deadline) {
        Connection opened = open(deadline.left());
        synchronized (lock) {
            connection = opened;
        }
        opened.addShutdownListener(cause -> lost(opened, cause));
        return opened;
    }

    private Connection open(Duration timeout) {
        AtomicReference<@Nullable Socket> latest = new AtomicReference<>();
        LinkConnectionFactory.Made made = (connected, deadline) -> {
            TlsHandshake.within(deadline, Objects.requireNonNull(latest.get()));
            frames = connected;
        };
        List<Address> addresses = config.addresses();
        ConnectionFactory factory =
                config.configure(new LinkConnectionFactory(worker, Deadline.after(timeout), addresses.size(), made));
        factory.setSocketConfigurator(
                factory.getSocketConfigurator() == null
                        ? latest::set
                        : factory.getSocketConfigurator().andThen(latest::set));
        // Its name and the host's are in every line of the client's threads.
        factory.setThreadFactory(task -> {
            Thread thread = new Thread(task, "anymq-rabbitmq-" + purpose);
            thread.setDaemon(true);
            return thread;
        });
        factory.setExceptionHandler(new QuietExceptionHandler());
        factory.setSharedExecutor(new SameThreadExecutor());
        factory.setClientProperties(clientProperties(factory));
        String action = "connecting to " + config.where();
        try {
            Connection opened = factory.newConnection(addresses, config.clientName() + "-" + purpose);
            opened.addBlockedListener(new Alarm());
            synchronized (lock) {
                socket = latest.get();
                blocked = null;
            }
            return opened;
        } catch (IOException | TimeoutException | RuntimeException e) {
            throw RabbitMqTranslator.connectError(action, config, e);
        }
    }

    private static Map<String, Object> clientProperties(ConnectionFactory factory) {
        Map<String, Object> properties = new java.util.HashMap<>(factory.getClientProperties());
        properties.put("product", "AnyMQ");
        return properties;
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
                    "there is no connection to " + config.where() + "; it is opened anew as soon as the server answers",
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
    DirectChannel channel() {
        try {
            DirectChannel channel = (DirectChannel) get().createChannel();
            if (channel == null) {
                throw new MessagingException(
                        ErrorCode.FULL, config.where() + " allows no more channels; raise its channel_max", true, null);
            }
            return channel;
        } catch (IOException | ShutdownSignalException e) {
            throw RabbitMqTranslator.error("opening a channel", e);
        }
    }

    /** What this thread writes in {@code writes} goes to the network at its end. */
    void together(GatheringFrames.Writes writes) throws IOException {
        GatheringFrames current = frames;
        if (current == null) {
            writes.run();
        } else {
            current.together(writes);
        }
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
            LOG.warn("the {} connection is lost: {}", purpose, lost.getMessage());
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
            Connection opened = open(RECONNECT_TIMEOUT);
            boolean late;
            synchronized (lock) {
                late = closed;
                if (!late) {
                    connection = opened;
                }
            }
            if (late) {
                opened.abort(100);
                return;
            }
            LOG.info("the {} connection is back", purpose);
            opened.addShutdownListener(cause -> lost(opened, cause));
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
        Socket current;
        synchronized (lock) {
            current = socket;
        }
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.debug("closing a socket failed", e);
            }
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
            // Ends every channel on it, too. It waits for the server's answer, within these bounds.
            current.abort((int) Math.max(1, Math.min(60_000, timeout.toMillis())));
        }
        breakOff();
    }

    /** {@code connection.blocked}: the server is short of memory or disk and reads from publishers no more. */
    private final class Alarm implements BlockedListener {
        @Override
        public void handleBlocked(String reason) {
            LOG.warn("{} takes no messages at the moment: {}", config.where(), reason);
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
