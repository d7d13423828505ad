package io.anymq.spi.support;

import io.anymq.API;

/**
 * The records of one partition that were taken and are not done, in offset order. They are completed in any order; what
 * may be committed is the offset of the first that is not done. Offsets may have holes (compaction, transaction
 * markers).
 *
 * <p>Every operation takes constant time (amortized). Not thread-safe.
 */
@API(API.Status.EXPERIMENTAL)
public final class ContiguousOffsets {
    private static final long UNKNOWN = -1;

    // The offset of record n is at n modulo the length, as its complement (so below 0) once it is completed.
    private long[] ring = new long[64];
    private long head;
    private long tail;
    private long next;

    /** Nothing taken yet, and not known where taking begins. */
    public ContiguousOffsets() {
        this(UNKNOWN);
    }

    /** Nothing taken yet; everything below {@code start} is done. */
    public ContiguousOffsets(long start) {
        next = start;
    }

    /** Takes the next record and returns its number, with which it is completed. */
    public long add(long offset) {
        if (tail - head == ring.length) {
            grow();
        }
        ring[index(tail)] = offset;
        next = offset + 1;
        return tail++;
    }

    /** The record of this number is done. A second time does nothing. */
    public void complete(long number) {
        if (number < head || number >= tail || ring[index(number)] < 0) {
            return;
        }
        ring[index(number)] = ~ring[index(number)];
        while (head < tail && ring[index(head)] < 0) {
            head++;
        }
    }

    /**
     * What lies between the last record that was taken and {@code offset} is not for this receiver, such as transaction
     * markers and aborted records. An offset that was passed before changes nothing.
     *
     * @return whether {@link #committable} has changed
     */
    public boolean pass(long offset) {
        if (offset <= next) {
            return false;
        }
        next = offset;
        return head == tail;
    }

    /** Records done behind the first one that is not. */
    public OffsetRanges doneAhead() {
        OffsetRanges done = new OffsetRanges();
        boolean between = true;
        for (long number = head; number < tail; number++) {
            long offset = ring[index(number)];
            if (offset < 0) {
                done.add(~offset, between);
            }
            between = offset >= 0;
        }
        return done;
    }

    /** One more than the last offset that was taken or passed; before the first record the start, −1 if none was given. */
    public long end() {
        return next;
    }

    /** Everything below this offset is done; before the first record the start, −1 if none was given. */
    public long committable() {
        return head < tail ? ring[index(head)] : next;
    }

    /** Records from the first that is not done to the last that was taken. */
    public long span() {
        return tail - head;
    }

    private int index(long number) {
        return (int) (number & (ring.length - 1));
    }

    private void grow() {
        long[] larger = new long[ring.length * 2];
        for (long number = head; number < tail; number++) {
            larger[(int) (number & (larger.length - 1))] = ring[index(number)];
        }
        ring = larger;
    }
}
