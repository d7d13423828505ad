package io.anymq.spi;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sender over a client whose send blocks. One thread takes whatever has come together since its last batch and gives it
 * to {@link #sendBatch}: a lone message leaves at once, and under load the price of a round trip or of an fsync is shared
 * by the batch, without a linger time to choose. Thread-safe; the engine's window bounds what waits here.
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
public abstract class BatchingSender implements BrokerSender {
    /** For an adapter that ends when it is interrupted to say what it knows. */
    private static final Duration LAST_WORD = Duration.ofMillis(200);

    private final int maxBatch;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<OutboundMessage> waiting = new ArrayDeque<>();
    /** Changed under the lock only, so that whoever closes can see what is being sent. */
    private final List<OutboundMessage> batch = new ArrayList<>();

    private boolean idle;
    private boolean closing;

    /**
     * @param name of the thread, to which {@code anymq-send-} is prefixed
     * @param maxBatch the most messages that {@link #sendBatch} gets at once, at least 1
     */
    protected BatchingSender(String name, int maxBatch) {
        if (maxBatch < 1) {
            throw new IllegalArgumentException("maxBatch is " + maxBatch + ", at least 1 is needed");
        }
        this.maxBatch = maxBatch;
        this.thread = new Thread(this::run, "anymq-send-" + name);
        this.thread.setDaemon(true);
    }

    /** Starts the thread; called once, by the constructor of a final subclass. */
    protected final void start() {
        thread.start();
    }

    /**
     * Sends in list order and reports an outcome on every message. Called on the sender's thread; may block, at most the
     * send time-out. What it throws becomes the outcome UNKNOWN of the messages it did not report on. The list is the
     * sender's own and changes afterwards.
     */
    protected abstract void sendBatch(List<OutboundMessage> batch);

    /** Frees what belongs to the sender. Called once, on the sender's thread, as the last thing it does. */
    protected abstract void release();

    @Override
    public final void send(List<? extends OutboundMessage> messages) {
        boolean refused;
        lock.lock();
        try {
            refused = closing;
            if (!refused) {
                waiting.addAll(messages);
                signalIfIdle();
            }
        } finally {
            lock.unlock();
        }
        if (refused) {
            messages.forEach(message -> message.rejected(closed()));
        }
    }

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
                trySend();
            }
        } finally {
            release();
        }
    }

    private void trySend() {
        try {
            sendBatch(batch);
        } catch (RuntimeException | Error e) {
            MessagingException error = e instanceof MessagingException known
                    ? known
                    : new MessagingException(ErrorCode.INTERNAL, "the adapter failed to send: " + e, true, e);
            for (OutboundMessage message : batch) {
                message.unknown(error);
            }
        }
    }

    /** Waits for messages; false when it is closing and there are no more. */
    private boolean take() {
        lock.lock();
        try {
            batch.clear();
            while (waiting.isEmpty()) {
                if (closing) {
                    return false;
                }
                idle = true;
                arrived.awaitUninterruptibly();
            }
            while (batch.size() < maxBatch && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends what waits; what cannot be sent within {@code timeout} is refused, the thread is interrupted, and what it is
     * sending is UNKNOWN.
     */
    @Override
    public final void close(Duration timeout) {
        lock.lock();
        try {
            closing = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        if (endsWithin(timeout)) {
            return;
        }
        List<OutboundMessage> left;
        lock.lock();
        try {
            left = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(message -> message.rejected(closed()));
        thread.interrupt();
        if (!endsWithin(LAST_WORD)) {
            abandon();
        }
    }

    /** The adapter may still be waiting for an answer to these; whoever closes waits no longer. */
    private void abandon() {
        List<OutboundMessage> sending;
        lock.lock();
        try {
            sending = List.copyOf(batch);
        } finally {
            lock.unlock();
        }
        MessagingException error = new MessagingException(
                ErrorCode.TIMEOUT, "the sender was closed before the broker had answered", true, null);
        sending.forEach(message -> message.unknown(error));
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
