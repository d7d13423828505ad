package io.anymq.spi.support;

import io.anymq.API;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of offsets, ascending and disjoint: records done behind one that is not. Written as text
 * relative to the committed offset, such as {@code 2+5,9+1} for five from the second on and one at the ninth. Not
 * thread-safe.
 */
@API(API.Status.EXPERIMENTAL)
public final class OffsetRanges {
    private final List<long[]> ranges = new ArrayList<>();

    /** No ranges. */
    public OffsetRanges() {}

    /** Adds those from {@code first} to {@code last}, which lie above all others and do not adjoin them. */
    public void add(long first, long last) {
        ranges.add(new long[] {first, last});
    }

    /** Adds what {@code others} hold from {@code offset} on, which lies above all of these. */
    public void addAbove(OffsetRanges others, long offset) {
        for (long[] range : others.ranges) {
            if (range[1] >= offset) {
                ranges.add(new long[] {Math.max(range[0], offset), range[1]});
            }
        }
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether {@code offset} lies in one of the ranges. */
    public boolean contains(long offset) {
        for (long[] range : ranges) {
            if (offset <= range[1]) {
                return offset >= range[0];
            }
        }
        return false;
    }

    /** The largest offset in it; −1 when empty. */
    public long last() {
        return ranges.isEmpty() ? -1 : ranges.get(ranges.size() - 1)[1];
    }

    /** Relative to {@code base}, in at most {@code room} characters; ranges that do not fit are left out. */
    public String format(long base, int room) {
        StringBuilder text = new StringBuilder();
        for (long[] range : ranges) {
            String one = (text.length() == 0 ? "" : ",") + (range[0] - base) + "+" + (range[1] - range[0] + 1);
            if (text.length() + one.length() > room) {
                break;
            }
            text.append(one);
        }
        return text.toString();
    }

    /** Reads the result of {@link #format}; other text yields the legible part before it. */
    public static OffsetRanges parse(String text, long base) {
        OffsetRanges parsed = new OffsetRanges();
        for (String one : text.split(",")) {
            int plus = one.indexOf('+');
            try {
                long from = Long.parseLong(one.substring(0, Math.max(0, plus)));
                long count = Long.parseLong(one.substring(plus + 1));
                if (from <= 0 || count <= 0 || base + from <= parsed.last()) {
                    return parsed;
                }
                parsed.ranges.add(new long[] {base + from, base + from + count - 1});
            } catch (NumberFormatException e) {
                return parsed;
            }
        }
        return parsed;
    }

    @Override
    public String toString() {
        return format(0, Integer.MAX_VALUE);
    }
}
