package io.anymq.spi.support;

import io.anymq.API;

/**
 * The records of one partition that were taken and are not done, in offset order. They are completed in any order; what
 * may be committed is the offset of the first that is not done. Offsets may have holes (compaction, transaction
 * markers).
 *
 * <p>Every operation takes constant time (amortized), but for {@link #doneAhead}. Not thread-safe.
 */
@API(API.Status.EXPERIMENTAL)
public final class ContiguousOffsets {
    private static final long UNKNOWN = -1;

    /** Of record n at n modulo the length. */
    private long[] ring = new long[Long.SIZE];

    /** One bit for each place of the ring. */
    private long[] completed = new long[1];

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
        completed[index(tail) / Long.SIZE] &= ~(1L << tail);
        next = offset + 1;
        return tail++;
    }

    /** The record of this number is done. A second time does nothing. */
    public void complete(long number) {
        if (number < head || number >= tail) {
            return;
        }
        completed[index(number) / Long.SIZE] |= 1L << number;
        if (number == head) {
            head = first(head, false);
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

    /**
     * Records done behind the first one that is not: of so many ranges at most, the first ones. Looks at 64 records at a
     * time.
     */
    public OffsetRanges doneAhead(int most) {
        OffsetRanges done = new OffsetRanges();
        long from = first(head, true);
        for (int count = 0; count < most && from < tail; count++) {
            long to = first(from, false);
            done.add(ring[index(from)], ring[index(to - 1)]);
            from = first(to, true);
        }
        return done;
    }

    /** The number of the first record from {@code from} on that is completed, or is not; the tail if there is none. */
    private long first(long from, boolean wanted) {
        for (long number = from; number < tail; number += Long.SIZE - number % Long.SIZE) {
            long word = completed[index(number) / Long.SIZE];
            long rest = (wanted ? word : ~word) >>> number;
            if (rest != 0) {
                return Math.min(tail, number + Long.numberOfTrailingZeros(rest));
            }
        }
        return tail;
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
        long[] moved = new long[completed.length * 2];
        for (long number = head; number < tail; number++) {
            int place = (int) (number & (larger.length - 1));
            larger[place] = ring[index(number)];
            moved[place / Long.SIZE] |= (completed[index(number) / Long.SIZE] >>> number & 1) << number;
        }
        ring = larger;
        completed = moved;
    }
}
