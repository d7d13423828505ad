package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sender over a client whose send blocks. One thread takes whatever has come together since its last batch and gives
 * it to {@link #sendBatch}: a lone message leaves at once, and under load the price of a round trip or of an fsync is
 * shared by the batch, without a linger time to choose. Messages waiting here do not leave once an earlier message of
 * its key has failed ({@link OutboundMessage#leaves()}). Thread-safe; the engine's window bounds what waits here.
 *
 * <pre>{@code
 * final class AcmeSender extends BatchingSender {
 *     AcmeSender(AcmeSession session, String name) {
 *         super(name, 100);
 *         start();
 *     }
 *
 *     protected void sendBatch(List<OutboundMessage> batch) {
 *         try {
 *             session.sendAll(translate(batch));
 *             batch.forEach(message -> message.confirmed(null));
 *         } catch (AcmeException e) {
 *             batch.forEach(message -> message.unknown(translate(e)));
 *         }
 *     }
 *
 *     protected void release() {
 *         session.close();
 *     }
 * }
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public abstract class BatchingSender implements BrokerSender {
    /** The time to wait for outcomes after interrupting the sender thread. */
    private static final Duration INTERRUPT_GRACE = Duration.ofMillis(200);

    private final int maxBatch;
    private final long maxBytes;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<OutboundMessage> waiting = new ArrayDeque<>();
    /** Used by the sender's thread alone. */
    private final List<OutboundMessage> batch = new ArrayList<>();

    private boolean idle;
    private boolean closing;

    /**
     * @param name of the thread, to which {@code anymq-send-} is prefixed
     * @param maxBatch the most messages that {@link #sendBatch} gets at once, at least 1
     */
    protected BatchingSender(String name, int maxBatch) {
        this(name, maxBatch, Long.MAX_VALUE);
    }

    /**
     * @param name of the thread, to which {@code anymq-send-} is prefixed
     * @param maxBatch the most messages that {@link #sendBatch} gets at once, at least 1
     * @param maxBytes a batch whose bodies have so many bytes gets no further message
     */
    protected BatchingSender(String name, int maxBatch, long maxBytes) {
        if (maxBatch < 1) {
            throw new IllegalArgumentException("maxBatch must be at least 1, but was " + maxBatch);
        }
        this.maxBatch = maxBatch;
        this.maxBytes = maxBytes;
        this.thread = new Thread(this::run, "anymq-send-" + name);
        this.thread.setDaemon(true);
    }

    /** Starts the thread; called once, by the constructor of a final subclass. */
    protected final void start() {
        thread.start();
    }

    /**
     * Sends in list order and reports an outcome on every message. Called on the sender's thread; may block, at most
     * {@link io.anymq.spi.SenderOptions#outcomeWithin()}. Its exception becomes the outcome UNKNOWN of the messages it
     * did not report on. The list is the sender's own and changes afterwards.
     */
    protected abstract void sendBatch(List<OutboundMessage> batch);

    /**
     * Frees what belongs to the sender; by default nothing. Called once, on the sender's thread, as the last thing it
     * does.
     */
    protected void release() {}

    @Override
    public final void send(OutboundMessage message) {
        boolean refused;
        lock.lock();
        try {
            refused = closing;
            if (!refused) {
                waiting.add(message);
                signalIfIdle();
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            message.rejected(closed());
        }
    }

    private void signalIfIdle() {
        if (idle) {
            idle = false;
            arrived.signal();
        }
    }

    private static MessagingException closed() {
        return new MessagingException(ErrorCode.CLOSED, "the sender is closed");
    }

    private void run() {
        try {
            while (take()) {
                if (!batch.isEmpty()) {
                    trySend();
                }
            }
        } finally {
            release();
        }
    }

    private void trySend() {
        try {
            sendBatch(batch);
        } catch (Throwable e) {
            MessagingException error = e instanceof MessagingException known
                    ? known
                    : new MessagingException(ErrorCode.INTERNAL, "the adapter failed to send: " + e, true, e);
            for (OutboundMessage message : batch) {
                message.unknown(error);
            }
        }
    }

    /** Waits for messages; false when it is closing. The batch is empty where all that waited has ended meanwhile. */
    private boolean take() {
        lock.lock();
        try {
            batch.clear();
            while (waiting.isEmpty() && !closing) {
                idle = true;
                arrived.awaitUninterruptibly();
            }
            if (closing) {
                return false;
            }
            long bytes = 0;
            while (batch.size() < maxBatch && bytes < maxBytes && !waiting.isEmpty()) {
                OutboundMessage message = waiting.remove();
                batch.add(message);
                bytes += message.body().length;
            }
        } finally {
            lock.unlock();
        }
        // outside the lock, because the engine may report an outcome here
        batch.removeIf(message -> !message.leaves());
        return true;
    }

    /**
     * Refuses waiting messages and lets the running batch end within {@code timeout}; then interrupts the thread. What
     * still has no outcome after that is for the engine to report.
     */
    @Override
    public final void close(Duration timeout) {
        List<OutboundMessage> left;
        lock.lock();
        try {
            closing = true;
            left = List.copyOf(waiting);
            waiting.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(message -> message.rejected(closed()));
        if (!endsWithin(timeout)) {
            thread.interrupt();
            boolean unused = endsWithin(INTERRUPT_GRACE);
        }
    }

    private boolean endsWithin(Duration timeout) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, timeout.toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
