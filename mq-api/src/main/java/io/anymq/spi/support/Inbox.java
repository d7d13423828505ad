package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from a client library's thread to the receive thread, which sleeps while there are none. For
 * receivers whose library pushes messages. {@link #add}, {@link #wakeup} and {@link #end} may be called by any thread, the
 * rest by the receive thread, which creates it.
 *
 * <p>A receive thread that was busy looks around again after {@code settle} in any case, so a {@link #wakeup} before then
 * costs nothing: while much is settled, that saves a system call for each message.
 *
 * <pre>{@code
 * inbox.add(message);                  // the library's thread
 *
 * inbox.await(wait.toNanos());         // the receive thread
 * M message = inbox.poll();
 * inbox.looked(message != null);
 * }</pre>
 *
 * @param <M> a message
 */
@API(API.Status.EXPERIMENTAL)
public final class Inbox<M> {
    private final ConcurrentLinkedQueue<M> messages = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.currentThread();
    private final long settleNanos;
    private volatile boolean waiting;
    private volatile boolean woken;
    private volatile boolean ended;

    /** When the receive thread looks around by itself: a wake-up before then is not needed. */
    private volatile long wakesAt = System.nanoTime();

    /** Whether it has not done so since then. */
    private boolean promised;

    private boolean busy;

    /** An empty one of the current thread. */
    public Inbox(Duration settle) {
        settleNanos = settle.toNanos();
    }

    /** A message has come. */
    public void add(M message) {
        messages.add(message);
        if (waiting) {
            // those behind it find the thread awake
            waiting = false;
            LockSupport.unpark(thread);
        }
    }

    /** There is something to do besides messages, which can wait for {@code settle}. */
    public void wakeup() {
        if (System.nanoTime() - wakesAt >= 0) {
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    /** From now on no wait takes any time, because the receiver has failed. */
    public void end() {
        ended = true;
        LockSupport.unpark(thread);
    }

    /** The next message, or null. */
    public @Nullable M poll() {
        return messages.poll();
    }

    /** Something was settled, which has to be told to the broker soon. */
    public void busy() {
        busy = true;
    }

    /** The end of a look: what wakes this thread from here on is for the next one. */
    public void looked(boolean foundSome) {
        woken = false;
        busy |= foundSome;
    }

    /** Waits for a message, a wake-up, the end or an interruption, at most {@code nanos}. */
    public void await(long nanos) {
        if (woken || nanos <= 0) {
            return;
        }
        long now = System.nanoTime();
        long longest = nanos;
        if (promised) {
            // a wake-up may have relied on it
            longest = Math.min(longest, wakesAt - now);
            promised = longest > 0;
        } else if (busy) {
            longest = Math.min(longest, settleNanos);
            wakesAt = now + longest;
            promised = true;
        }
        busy = false;
        long deadline = now + longest;
        try {
            for (long left = longest; left > 0; left = deadline - System.nanoTime()) {
                // each time and before the look, because whatever wakes this thread takes it back
                waiting = true;
                if (!messages.isEmpty() || woken || ended) {
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
}
