package io.anymq.bench.measure;

import io.anymq.bench.result.RunResult;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Remembers what one producer sent and what arrived, and says what was lost, repeated or out of order. Thread-safe;
 * {@link #balance()} is exact once nothing moves any more.
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

    /** A ledger for so many keys, each in order. */
    public Ledger(int keys) {
        this(keys, true);
    }

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
        if ((raise(key, sequence) || overlaps) && ordered) {
            orderBreaks.increment();
        }
        return true;
    }

    /** A handler ended with a message of this key. */
    public void end(int key) {
        busyKeys.decrementAndGet(key);
        received.incrementAndGet();
    }

    /** A message was given up and has come out of the dead-letter queue, where no order is kept. */
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

    /** A delivery that is none of this run's messages. */
    public void foreign() {
        foreign.increment();
    }

    /** Whether a later message of the key was there before. */
    private boolean raise(int key, long sequence) {
        while (true) {
            long last = lastOfKey.get(key);
            if (sequence < last) {
                return true;
            }
            if (lastOfKey.compareAndSet(key, last, sequence)) {
                return false;
            }
        }
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
    public Balance balance() {
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
        return new Balance(
                sent,
                confirmed.get(),
                arrived,
                lost,
                duplicates.sum(),
                orderBreaks.sum(),
                foreign.sum(),
                failures.sum());
    }

    /**
     * What the ledger comes to.
     *
     * @param sent sends made
     * @param confirmed sends confirmed
     * @param received confirmed messages that were handled
     * @param lost confirmed messages that never were
     * @param duplicates handlings beyond the first of a message
     * @param orderBreaks messages handled after a later one of their key, or while another one of their key was
     * @param foreign deliveries that were never sent
     * @param sendFailures sends that were not confirmed
     */
    public record Balance(
            long sent,
            long confirmed,
            long received,
            long lost,
            long duplicates,
            long orderBreaks,
            long foreign,
            long sendFailures) {
        /** Enters it into a result; a violation voids that. */
        RunResult.Builder into(RunResult.Builder result) {
            return result.messages(sent, confirmed, received, lost)
                    .duplicates(duplicates)
                    .orderBreaks(orderBreaks)
                    .foreign(foreign)
                    .sendFailures(sendFailures)
                    .voided(violation().isEmpty() ? null : violation());
        }

        /** What is wrong, or an empty text. No fault is injected here, so even one repetition has no excuse. */
        public String violation() {
            StringBuilder out = new StringBuilder();
            add(out, lost, "lost");
            add(out, duplicates, "duplicate");
            add(out, orderBreaks, "out of order");
            add(out, foreign, "foreign or damaged");
            return out.toString();
        }

        private static void add(StringBuilder out, long count, String what) {
            if (count > 0) {
                out.append(out.isEmpty() ? "" : ", ").append(count).append(' ').append(what);
            }
        }
    }
}
