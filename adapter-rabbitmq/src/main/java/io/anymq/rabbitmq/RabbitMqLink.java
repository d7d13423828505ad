package io.anymq.rabbitmq;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.spi.support.BlockingCalls;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.GatheringOutput;
import io.anymq.spi.support.Reconnector;
import io.anymq.spi.support.VendorErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
final class RabbitMqLink extends Reconnector<RabbitMqConnector.Opened> {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitMqLink.class);

    private final RabbitMqConfig config;
    private final RabbitMqConnector connector;
    private final ScheduledExecutorService worker;
    private final BlockingCalls calls;
    private final Alarm alarm = new Alarm();
    private volatile @Nullable String blocked;
    private volatile boolean closed;

    /**
     * @param purpose for the server's list of connections, such as {@code publish}
     * @param worker reconnects
     * @param calls what would block its callers
     */
    RabbitMqLink(RabbitMqConfig config, String purpose, ScheduledExecutorService worker, BlockingCalls calls) {
        super(config.where(), purpose, worker);
        this.config = config;
        this.connector = new RabbitMqConnector(config, purpose, worker);
        this.worker = worker;
        this.calls = calls;
    }

    @Override
    protected RabbitMqConnector.Opened open(Duration timeout) {
        RabbitMqConnector.Opened opened = connector.open(timeout);
        // before a sender can see the connection
        opened.connection().addBlockedListener(alarm);
        return opened;
    }

    @Override
    protected void watch(RabbitMqConnector.Opened opened) {
        opened.connection().addShutdownListener(cause -> {
            alarm.end();
            lost(opened, RabbitMqTranslator.error("using " + opened.where(), cause));
        });
    }

    @Override
    protected String where(RabbitMqConnector.Opened opened) {
        return opened.where();
    }

    @Override
    protected boolean isOpen(RabbitMqConnector.Opened opened) {
        return opened.connection().isOpen();
    }

    @Override
    protected void discard(RabbitMqConnector.Opened late) {
        late.connection().abort(100);
    }

    /** A new channel. Blocks for a round trip. */
    Channel channel() {
        try {
            Channel channel = get().connection().createChannel();
            if (channel == null) {
                String text = config.where() + " allows no more channels; raise its channel_max";
                throw VendorErrors.error(ErrorCode.FULL, text, null);
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
            discard(channel);
        }
    }

    static void discard(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.close();
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            LOG.debug("A channel was closed already", e);
        }
    }

    /** Closes a channel in the background. */
    void dispose(Channel channel) {
        calls.execute(() -> discard(channel));
    }

    /** Runs something in the background; not at all once the client is closed. */
    void execute(Runnable task) {
        calls.execute(task);
    }

    /** Runs something that would block longer than there is time; see {@link BlockingCalls#run}. */
    void run(BlockingCalls.Call call, Duration timeout) throws IOException {
        calls.run(call, timeout);
    }

    /** The output of the connection, which a thread can ask to gather what it writes. */
    GatheringOutput output() {
        return Objects.requireNonNull(last()).socket().output();
    }

    /** Why the server takes nothing at the moment, or null if it does. */
    @Nullable
    String blocked() {
        return blocked;
    }

    /** Waits until the alarm is over, the connection is lost or the time has passed. */
    void awaitUnblocked(Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        synchronized (alarm) {
            while (blocked != null && !closed && !deadline.passed()) {
                try {
                    alarm.wait(deadline.millisLeft());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Breaks the connection off, so that a thread which is stuck in writing to it gets free. */
    void breakOff() {
        RabbitMqConnector.Opened current = last();
        if (current != null) {
            current.socket().abort();
        }
    }

    void close(Duration timeout) {
        RabbitMqConnector.Opened current = end();
        synchronized (alarm) {
            closed = true;
            alarm.notifyAll();
        }
        if (current != null) {
            int bound = (int) Math.max(1, Math.min(60_000, timeout.toMillis()));
            // abort() bounds its wait for the answer, not its own write, which may be stuck behind another
            Future<?> end = worker.schedule(this::breakOff, bound, TimeUnit.MILLISECONDS);
            // ends every channel on it, too
            current.connection().abort(bound);
            end.cancel(false);
            breakOff();
        }
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
            end();
            LOG.info("{} takes messages again", config.where());
        }

        synchronized void end() {
            blocked = null;
            notifyAll();
        }
    }
}
