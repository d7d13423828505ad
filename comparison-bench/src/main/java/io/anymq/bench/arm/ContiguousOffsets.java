package io.anymq.bench.arm;

import java.util.BitSet;

/** The offsets of one partition that are done; only what has no gap before it may be committed. Thread-safe. */
final class ContiguousOffsets {
    /** Bit i stands for offset {@code base + i}. */
    private BitSet done = new BitSet();

    private long base;
    private int settled;

    ContiguousOffsets(long firstOffset) {
        base = firstOffset;
    }

    synchronized void done(long offset) {
        done.set(Math.toIntExact(offset - base));
    }

    /** The next offset that is not done: what a commit names. */
    synchronized long committable() {
        settled = done.nextClearBit(settled);
        if (settled >= 1 << 14) {
            done = done.get(settled, Math.max(settled, done.length()));
            base += settled;
            settled = 0;
        }
        return base + settled;
    }
}
