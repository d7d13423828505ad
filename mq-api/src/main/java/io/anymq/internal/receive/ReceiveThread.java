package io.anymq.internal.receive;

import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a receive thread is (inside a call of the adapter, parked, or at work) and how other threads reach it there.
 * Its own thread calls everything but {@link #wake}, {@link #isReceiving} and {@link #isParked}.
 */
final class ReceiveThread {
    /** A receiver hears of the thread that often, also when no more messages are wanted. */
    static final long KEEP_ALIVE_NANOS = 500_000_000L;

    private volatile @Nullable Thread thread;
    private volatile @Nullable BrokerReceiver receiver;
    private volatile boolean receiving;
    private volatile boolean parked;
    private volatile boolean woken;
    private long lastReceive;

    void begin() {
        thread = Thread.currentThread();
    }

    /** The open receiver, or null while there is none. */
    @Nullable
    BrokerReceiver receiver() {
        return receiver;
    }

    void use(@Nullable BrokerReceiver opened) {
        receiver = opened;
        lastReceive = System.nanoTime();
    }

    boolean isReceiving() {
        return receiving;
    }

    boolean isParked() {
        return parked;
    }

    /** Makes the thread look around, by any thread. */
    void wake() {
        woken = true;
        if (receiving) {
            BrokerReceiver current = receiver;
            if (current != null) {
                current.wakeup();
            }
        } else if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /** Announces a call of {@link #receive}: work left for it from now on wakes it. */
    void beginReceiving() {
        receiving = true;
    }

    List<? extends InboundMessage> receive(BrokerReceiver open, int max, Duration wait) {
        try {
            lastReceive = System.nanoTime();
            return open.receive(max, wait);
        } finally {
            receiving = false;
        }
    }

    void keepAlive(BrokerReceiver open) {
        long now = System.nanoTime();
        if (now - lastReceive >= KEEP_ALIVE_NANOS) {
            lastReceive = now;
            open.receive(0, Duration.ZERO);
        }
    }

    /** Runs callbacks of the adapter inside a call of {@link #receive}, where it may have to park. */
    void insideReceive(Runnable callback) {
        boolean wasReceiving = receiving;
        receiving = false;
        try {
            callback.run();
        } finally {
            receiving = wasReceiving;
        }
    }

    /** Parks until the condition holds, at most that long. */
    void await(long nanos, BooleanSupplier until) {
        parked = true;
        try {
            long deadline = System.nanoTime() + nanos;
            while (!until.getAsBoolean()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            parked = false;
        }
    }

    /** Like {@link #await}, also until it is woken. */
    void awaitWake(long nanos, BooleanSupplier until) {
        await(nanos, () -> woken || until.getAsBoolean());
        woken = false;
    }
}
