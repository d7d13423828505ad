package io.anymq.bench.measure;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A set of numbers from 0 that grows without copying. Thread-safe. */
final class SegmentedBits {
    private static final int WORDS = 1 << 12;
    private static final int BITS = WORDS * 64;
    private static final int SEGMENTS = 1 << 14;

    /** The most it can hold, exclusive. */
    static final long LIMIT = (long) SEGMENTS * BITS;

    private final AtomicReferenceArray<AtomicLongArray> segments = new AtomicReferenceArray<>(SEGMENTS);

    /** Adds; false if it was there already. */
    boolean add(long index) {
        long mask = 1L << (index % 64);
        int word = (int) (index % BITS) / 64;
        return (segment((int) (index / BITS)).getAndAccumulate(word, mask, (old, bit) -> old | bit) & mask) == 0;
    }

    boolean contains(long index) {
        AtomicLongArray words = segments.get((int) (index / BITS));
        return words != null && (words.get((int) (index % BITS) / 64) & 1L << (index % 64)) != 0;
    }

    private AtomicLongArray segment(int number) {
        AtomicLongArray words = segments.get(number);
        if (words == null) {
            segments.compareAndSet(number, null, new AtomicLongArray(WORDS));
            words = segments.get(number);
        }
        return words;
    }
}
