package io.anymq.rabbitmq;

import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.FrameHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets messages wait for one another in the socket's buffer. The client library writes each message to the network by
 * itself, which costs it and the server more than the message; here those published with {@link #MAY_WAIT} go when the
 * buffer is full, with whatever does not wait, or a moment later. Thread-safe.
 */
final class GatheringFrames implements FrameHandler {
    /** Says of a message that others are behind it or that many before it are not answered yet, so a moment is nothing. */
    static final WriteListener MAY_WAIT = (written, failure) -> {};

    private static final Logger LOG = LoggerFactory.getLogger(GatheringFrames.class);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final ThreadLocal<@Nullable Hold> HOLDING = new ThreadLocal<>();

    private final FrameHandler socket;
    private final ScheduledExecutorService timer;
    private volatile boolean scheduled;

    /** @param timer must have a thread to spare that may block in a write */
    GatheringFrames(FrameHandler socket, ScheduledExecutorService timer) {
        this.socket = socket;
        this.timer = timer;
    }

    /** What is to be written as one. */
    @FunctionalInterface
    interface Writes {
        void run() throws IOException;
    }

    /** What a thread has written to the buffer only. */
    private static final class Hold {
        private final GatheringFrames owner;
        private boolean any;

        Hold(GatheringFrames owner) {
            this.owner = owner;
        }
    }

    /** What this thread writes meanwhile goes to the network at the end. */
    void together(Writes writes) throws IOException {
        Hold hold = new Hold(this);
        HOLDING.set(hold);
        try {
            writes.run();
        } finally {
            HOLDING.remove();
            if (hold.any) {
                socket.flush(null);
            }
        }
    }

    @Override
    public void flush(@Nullable WriteListener listener) throws IOException {
        Hold hold = HOLDING.get();
        if (hold != null && hold.owner == this) {
            hold.any = true;
        } else if (listener != MAY_WAIT) {
            socket.flush(listener);
        } else if (!scheduled) {
            scheduled = true;
            try {
                var unused = timer.schedule(this::flushLater, MOMENT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // the connection is being closed
                socket.flush(null);
            }
        }
    }

    private void flushLater() {
        // before the flush: a message that comes now is either in it or sees to another one
        scheduled = false;
        try {
            socket.flush(null);
        } catch (IOException e) {
            LOG.debug("the connection broke; its reader reports that", e);
        }
    }

    @Override
    public boolean internalHearbeat() {
        return socket.internalHearbeat();
    }

    @Override
    public void setTimeout(int millis) throws SocketException {
        socket.setTimeout(millis);
    }

    @Override
    public int getTimeout() throws SocketException {
        return socket.getTimeout();
    }

    @Override
    public void sendHeader() throws IOException {
        socket.sendHeader();
    }

    @Override
    public void initialize(AMQConnection connection) {
        socket.initialize(connection);
    }

    @Override
    public void startProcessing() {
        socket.startProcessing();
    }

    @Override
    public void finishConnectionNegotiation() {
        socket.finishConnectionNegotiation();
    }

    @Override
    public void setFrameMax(int bytes) {
        socket.setFrameMax(bytes);
    }

    @Override
    public Frame readFrame() throws IOException {
        return socket.readFrame();
    }

    @Override
    public void writeFrame(Frame frame) throws IOException {
        socket.writeFrame(frame);
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public InetAddress getAddress() {
        return socket.getAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }
}
