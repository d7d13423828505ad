package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that comes back by itself: when it is lost, others are opened in the background, with growing pauses
 * of 100 ms to 1 s, until one works. For client libraries that do not reconnect, or should not. Thread-safe.
 *
 * <pre>{@code
 * final class Link extends Reconnector<Socket> {
 *     protected Socket open(Duration timeout) { … }
 *     protected void watch(Socket opened) { reader.onEnd(opened, error -> lost(opened, error)); }
 *     protected boolean isOpen(Socket connection) { return !connection.isClosed(); }
 *     protected void discard(Socket late) { late.close(); }
 * }
 * }</pre>
 *
 * @param <C> the vendor's connection
 */
@API(API.Status.EXPERIMENTAL)
public abstract class Reconnector<C> {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnector.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final String where;
    private final String purpose;
    private final ScheduledExecutorService worker;

    private @Nullable C connection;
    private @Nullable MessagingException lost;
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    /**
     * Without a connection so far.
     *
     * @param where the broker, such as "RabbitMQ at localhost"
     * @param purpose for the log, such as "publish"
     * @param worker reconnects
     */
    protected Reconnector(String where, String purpose, ScheduledExecutorService worker) {
        this.where = where;
        this.purpose = purpose;
        this.worker = worker;
    }

    /**
     * Connects.
     *
     * @throws MessagingException if it fails; in the background it is tried again
     */
    protected abstract C open(Duration timeout);

    /** Begins to report the end of a connection with {@link #lost}, also of one that has already ended. */
    protected abstract void watch(C opened);

    /** Whether the connection still works, as far as this process knows. */
    protected abstract boolean isOpen(C connection);

    /** Closes a connection that was opened too late. */
    protected abstract void discard(C late);

    /**
     * Which of several servers the connection goes to, for the log; by default all that may be meant.
     *
     * @param connection open or lost
     * @return such as "RabbitMQ at host:5672"
     */
    protected String where(C connection) {
        return where;
    }

    /** Connects for the first time; the error says what is wrong. */
    public final C connect(Duration timeout) {
        C opened = open(timeout);
        synchronized (this) {
            connection = opened;
        }
        watch(opened);
        return opened;
    }

    /**
     * The connection.
     *
     * @throws MessagingException CLOSED, or UNAVAILABLE while there is none
     */
    public final synchronized C get() {
        C current = connection;
        if (current != null && isOpen(current)) {
            return current;
        }
        if (closed) {
            throw new MessagingException(ErrorCode.CLOSED, "the connection to " + where + " is closed");
        }
        throw new MessagingException(
                ErrorCode.UNAVAILABLE,
                "there is no connection to " + where + "; AnyMQ reconnects as soon as the server answers",
                true,
                lost);
    }

    /** The connection opened last, whether it works or not; null before the first. */
    public final synchronized @Nullable C last() {
        return connection;
    }

    /** Reports the end of a connection; ignored if it is not the one in use, or after {@link #end}. */
    protected final synchronized void lost(C which, MessagingException why) {
        if (closed || connection != which) {
            return;
        }
        lost = why;
        pauseMillis = FIRST_PAUSE_MILLIS;
        LOG.warn(
                "The {} connection to {} is lost: {}; reconnecting with backoff",
                purpose,
                where(which),
                why.getMessage());
        reconnectLater();
    }

    private void reconnectLater() {
        long pause = pauseMillis;
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        try {
            var unused = worker.schedule(this::reconnect, pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("The {} connection stays closed, because its worker has ended", purpose, closing);
        }
    }

    private void reconnect() {
        synchronized (this) {
            if (closed || (connection != null && isOpen(connection))) {
                return;
            }
        }
        C opened;
        try {
            opened = open(TIMEOUT);
        } catch (MessagingException e) {
            failed(e);
            return;
        } catch (Throwable e) {
            LOG.error("Could not reconnect to {}; trying again", where, e);
            failed(new MessagingException(ErrorCode.INTERNAL, "could not reconnect to " + where, true, e));
            return;
        }
        synchronized (this) {
            if (!closed) {
                connection = opened;
            }
        }
        if (last() != opened) {
            discard(opened);
            return;
        }
        LOG.info("The {} connection to {} is open again", purpose, where(opened));
        watch(opened);
    }

    private synchronized void failed(MessagingException why) {
        lost = why;
        if (!closed) {
            reconnectLater();
        }
    }

    /** Ends reconnecting; the first call returns the last connection, for the caller to close, and later ones null. */
    protected final synchronized @Nullable C end() {
        C current = closed ? null : connection;
        closed = true;
        return current;
    }
}
