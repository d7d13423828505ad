package io.anymq.spi.support;

import io.anymq.API;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output of a socket, which gathers what may wait. Client libraries flush after each message, and a write of its
 * own costs them and the server more than the message does. A thread that says so writes {@link #lazily} or {@link
 * #together}; every other flush goes to the network at once, with all that was gathered before it. Thread-safe.
 *
 * <pre>{@code
 * socket.output().lazily(() -> channel.basicPublish(exchange, key, properties, body));
 * socket.output().together(() -> {
 *     channel.basicAck(7, true);
 *     other.basicAck(9, true);
 * });
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class GatheringOutput extends OutputStream {
    private static final Logger LOG = LoggerFactory.getLogger(GatheringOutput.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final Duration LONGEST_DELAY = Duration.ofMillis(1);

    /**
     * The flush requested by the current thread. Set back to null instead of removed, because it is set for each
     * message.
     */
    private static final ThreadLocal<@Nullable Hold> HOLD = new ThreadLocal<>();

    private final OutputStream socket;
    private final ScheduledExecutorService timer;
    private final Hold lazy = new Hold(this);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int count;
    private volatile boolean scheduled;

    /**
     * Gathers in front of {@code socket}.
     *
     * @param timer must have a thread to spare that may block in a write
     */
    public GatheringOutput(OutputStream socket, ScheduledExecutorService timer) {
        this.socket = socket;
        this.timer = timer;
    }

    /** Calls of the client library that write. */
    @FunctionalInterface
    public interface Writes {
        /** Writes; the client library's calls flush by themselves. */
        void run() throws IOException;
    }

    private static final class Hold {
        private final GatheringOutput owner;
        private boolean any;

        Hold(GatheringOutput owner) {
            this.owner = owner;
        }
    }

    /** Data written by this thread in {@code writes} reaches the network within a millisecond. */
    public void lazily(Writes writes) throws IOException {
        hold(lazy, writes);
    }

    /** Data written by this thread in {@code writes} reaches the network at its end. */
    public void together(Writes writes) throws IOException {
        Hold hold = new Hold(this);
        try {
            hold(hold, writes);
        } finally {
            if (hold.any) {
                drain();
            }
        }
    }

    private static void hold(Hold hold, Writes writes) throws IOException {
        HOLD.set(hold);
        try {
            writes.run();
        } finally {
            HOLD.set(null);
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - count) {
            drain();
        }
        if (length >= buffer.length) {
            socket.write(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
        }
    }

    @Override
    public void flush() throws IOException {
        Hold hold = HOLD.get();
        if (hold == null || hold.owner != this) {
            drain();
        } else if (hold == lazy) {
            drainSoon();
        } else {
            hold.any = true;
        }
    }

    private void drainSoon() throws IOException {
        if (scheduled) {
            return;
        }
        scheduled = true;
        try {
            var unused = timer.schedule(this::drainLater, LONGEST_DELAY.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            scheduled = false;
            drain();
        }
    }

    private void drainLater() {
        // before the write: bytes that come now are either in it or schedule another one
        scheduled = false;
        try {
            drain();
        } catch (IOException e) {
            LOG.debug("Writing failed; the connection's reader reports that", e);
        }
    }

    private synchronized void drain() throws IOException {
        int length = count;
        count = 0;
        if (length > 0) {
            socket.write(buffer, 0, length);
        }
        socket.flush();
    }
}
