package io.anymq.bench.measure;

import io.anymq.bench.result.RunResult.Messages;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Records what one producer sent and what arrived, and reports what was lost, repeated or out of order. Thread-safe;
 * {@link #balance()} is exact once all traffic has stopped.
 */
public final class Ledger {
    private static final long NONE = -1;

    private final SegmentedBits confirmedBits = new SegmentedBits();
    private final SegmentedBits receivedBits = new SegmentedBits();
    private final boolean ordered;
    private final AtomicLongArray lastOfKey;
    private final AtomicIntegerArray busyKeys;
    private final AtomicLong nextSequence = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final LongAdder failures = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder orderBreaks = new LongAdder();
    private final LongAdder foreign = new LongAdder();

    /** A ledger for so many keys. Without an order nothing can be out of it. */
    public Ledger(int keys, boolean ordered) {
        this.ordered = ordered;
        lastOfKey = new AtomicLongArray(keys);
        busyKeys = new AtomicIntegerArray(keys);
        for (int i = 0; i < keys; i++) {
            lastOfKey.set(i, NONE);
        }
    }

    /** The sequence number of the next message. */
    public long send() {
        return nextSequence.getAndIncrement();
    }

    /** A send was confirmed. */
    public void confirmed(long sequence) {
        confirmedBits.add(sequence);
        confirmed.incrementAndGet();
    }

    /** A send ended without a confirm; whether the message arrives is open. */
    public void failed() {
        failures.increment();
    }

    /** A handler begins with a message. False for one that was never sent, which then must not be ended. */
    public boolean begin(int key, long sequence) {
        if (key < 0 || key >= lastOfKey.length() || sequence < 0 || sequence >= nextSequence.get()) {
            foreign.increment();
            return false;
        }
        boolean overlaps = busyKeys.getAndIncrement(key) > 0;
        if (!receivedBits.add(sequence)) {
            duplicates.increment();
            return true;
        }
        boolean overtaken = lastOfKey.getAndAccumulate(key, sequence, Math::max) > sequence;
        if ((overtaken || overlaps) && ordered) {
            orderBreaks.increment();
        }
        return true;
    }

    /** A handler ended with a message of this key. */
    public void end(int key) {
        busyKeys.decrementAndGet(key);
        received.incrementAndGet();
    }

    /** A message was given up and arrived from the dead-letter queue, which keeps no order. */
    public void buried(long sequence) {
        if (sequence < 0 || sequence >= nextSequence.get()) {
            foreign.increment();
            return;
        }
        if (!receivedBits.add(sequence)) {
            duplicates.increment();
        }
        received.incrementAndGet();
    }

    /** A delivery of a message that this run did not send. */
    public void foreign() {
        foreign.increment();
    }

    /** Sends made. */
    public long sentSoFar() {
        return nextSequence.get();
    }

    /** Sends that have ended, one way or the other. */
    public long endedSoFar() {
        return confirmed.get() + failures.sum();
    }

    /** Sends confirmed. */
    public long confirmedSoFar() {
        return confirmed.get();
    }

    /** Handlings ended, repeated ones included. */
    public long handledSoFar() {
        return received.get();
    }

    /** The balance now. */
    public Messages balance() {
        long sent = nextSequence.get();
        long lost = 0;
        long arrived = 0;
        for (long sequence = 0; sequence < sent; sequence++) {
            if (confirmedBits.contains(sequence)) {
                if (receivedBits.contains(sequence)) {
                    arrived++;
                } else {
                    lost++;
                }
            }
        }
        return new Messages(
                sent,
                confirmed.get(),
                arrived,
                lost,
                duplicates.sum(),
                orderBreaks.sum(),
                foreign.sum(),
                failures.sum());
    }
}
