package io.anymq.internal.send;

import io.anymq.internal.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The bounded set of sends without an outcome: the back-pressure of a producer, and where late ones are found.
 *
 * <p>A send enters its slot only after the sender has returned without an outcome, so that a broker which confirms at
 * once costs nothing here. The table has at least twice as many slots as permits, so a free one is always near.
 */
final class InFlightWindow {
    private final int size;
    private final Semaphore permits;
    private final AtomicReferenceArray<PendingSend> slots;
    private final AtomicInteger next = new AtomicInteger();

    InFlightWindow(int size) {
        this.size = size;
        this.permits = new Semaphore(size);
        this.slots = new AtomicReferenceArray<>(Integer.highestOneBit(size) * 4);
    }

    boolean enter(Duration maxBlock) throws InterruptedException {
        return permits.tryAcquire() || permits.tryAcquire(Nanos.of(maxBlock), TimeUnit.NANOSECONDS);
    }

    /** The send has an outcome; its permit stays out. */
    void forget(PendingSend send) {
        int slot = send.ticket & (slots.length() - 1);
        if (slots.get(slot) == send) {
            slots.compareAndSet(slot, send, null);
        }
    }

    void leave() {
        permits.release();
    }

    void remember(PendingSend send) {
        int mask = slots.length() - 1;
        int slot;
        do {
            send.ticket = next.getAndIncrement();
            slot = send.ticket & mask;
        } while (!slots.compareAndSet(slot, null, send));
        if (send.ended()) {
            slots.compareAndSet(slot, send, null);
        }
    }

    List<PendingSend> outstanding() {
        List<PendingSend> found = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            PendingSend send = slots.get(i);
            if (send != null && !send.ended()) {
                found.add(send);
            }
        }
        return found;
    }

    int inFlight() {
        return size - permits.availablePermits();
    }
}
