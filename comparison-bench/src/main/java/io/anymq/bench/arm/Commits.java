package io.anymq.bench.arm;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What may be committed of each partition, at most every 100 ms. Used by the receiving thread. */
final class Commits<P> {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Map<P, ContiguousOffsets> offsets = new HashMap<>();
    private final Map<P, Long> committed = new HashMap<>();
    private long last = System.nanoTime();

    /** The offsets of a partition, of which this is the first if it is new. */
    ContiguousOffsets of(P partition, long offset) {
        return offsets.computeIfAbsent(partition, ignored -> new ContiguousOffsets(offset));
    }

    void forget(P partition) {
        offsets.remove(partition);
        committed.remove(partition);
    }

    /** As {@link #due}; nothing if the last time was less than 100 ms ago. */
    Map<P, Long> dueNow() {
        long now = System.nanoTime();
        if (now - last < PAUSE_NANOS) {
            return Map.of();
        }
        last = now;
        return due();
    }

    /** What has moved since it was last asked for. */
    Map<P, Long> due() {
        Map<P, Long> due = new HashMap<>();
        offsets.forEach((partition, tracker) -> {
            Long next = tracker.committable();
            if (!next.equals(committed.put(partition, next))) {
                due.put(partition, next);
            }
        });
        return due;
    }
}
