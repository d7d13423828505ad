package io.anymq.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one or several processes in one order. Immutable.
 *
 * <p><b>Clocks.</b> Within a process the sequence is the order, whatever the clock says. Entries of different processes
 * are ordered by their times, and these mean something only if the processes read the same clock, or clocks that differ
 * by no more than a known skew, which {@code Expectations.clockSkew} is told. {@link System#nanoTime()}, the recorder's
 * default, is one clock for all processes of a computer on HotSpot (Linux: {@code CLOCK_MONOTONIC}, which containers
 * with a time namespace of their own do not share; macOS: {@code mach_absolute_time}; Windows: the performance
 * counter); the Java specification does not promise it. For several computers give the recorders a synchronized clock
 * and state the skew.
 *
 * <p><b>Ties.</b> Entries of different processes at the same time, or closer than the skew, stand in the order of their
 * process names here, so that a history always looks the same; the checker takes them as happening in no order.
 */
public final class History {
    private static final Comparator<Entry> ORDER =
            Comparator.comparingLong(Entry::at).thenComparing(Entry::process).thenComparingLong(Entry::sequence);

    private final Entry[] entries;

    private History(Entry[] entries) {
        this.entries = entries;
    }

    /**
     * The history of these entries, in whatever order they come.
     *
     * @throws IllegalArgumentException when a process has a sequence number twice, which is what happens when two of
     *     them have the same name, or when its clock runs backwards
     */
    public static History of(Collection<Entry> entries) {
        Entry[] sorted = entries.toArray(new Entry[0]);
        Arrays.sort(sorted, ORDER);
        Map<String, Entry> last = new HashMap<>();
        for (Entry entry : sorted) {
            Entry previous = last.put(entry.process(), entry);
            if (previous != null && previous.sequence() >= entry.sequence()) {
                throw new IllegalArgumentException("process " + JsonObject.quote(entry.process())
                        + (previous.sequence() == entry.sequence()
                                ? " has two entries with number " + entry.sequence()
                                        + "; give every recorder its own process name"
                                : " has entry " + entry.sequence() + " later than entry " + previous.sequence()
                                        + "; its clock ran backwards"));
            }
        }
        return new History(sorted);
    }

    /** Several processes' histories as one. Throws like {@link #of}. */
    public static History merge(Collection<History> parts) {
        List<Entry> all = new ArrayList<>();
        for (History part : parts) {
            Collections.addAll(all, part.entries);
        }
        return of(all);
    }

    /** The number of entries. */
    public int size() {
        return entries.length;
    }

    /** The entry at this place, from 0. */
    public Entry get(int position) {
        return entries[position];
    }

    /** All entries in order. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(Arrays.asList(entries));
    }
}
