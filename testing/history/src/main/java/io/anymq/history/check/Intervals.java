package io.anymq.history.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Spans of time, merged where they touch, so that a question costs one binary search. */
final class Intervals {
    /** The end of what never ends; leaves room for adding a skew. */
    static final long NEVER = Long.MAX_VALUE / 2;

    static final Intervals NONE = of(List.of());

    private final long[] from;
    private final long[] to;

    private Intervals(long[] from, long[] to) {
        this.from = from;
        this.to = to;
    }

    static Intervals of(List<long[]> spans) {
        List<long[]> sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparingLong(span -> span[0]));
        long[] from = new long[sorted.size()];
        long[] to = new long[sorted.size()];
        int size = 0;
        for (long[] span : sorted) {
            if (size > 0 && span[0] <= to[size - 1]) {
                to[size - 1] = Math.max(to[size - 1], span[1]);
            } else {
                from[size] = span[0];
                to[size] = span[1];
                size++;
            }
        }
        return new Intervals(Arrays.copyOf(from, size), Arrays.copyOf(to, size));
    }

    boolean isEmpty() {
        return from.length == 0;
    }

    /** Whether one of them and {@code [start, end]} have a moment in common. */
    boolean touch(long start, long end) {
        int low = 0;
        int high = to.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (to[middle] < start) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < to.length && from[low] <= end;
    }
}
