package io.anymq.history.check;

import static io.anymq.history.check.SimulatedTime.MICRO;

import io.anymq.history.Entry;
import io.anymq.history.Event;
import io.anymq.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes down what each process does, by that process's own clock. */
final class SimulatedRecorder {
    /** The precision of the processes' clocks. */
    enum Clocks {
        EXACT,
        /** They tick every 20 µs only, so that there are many ties. */
        COARSE,
        /** Each is off by up to 60 µs. */
        SKEWED
    }

    static final long TICK = 20 * MICRO;
    static final long SKEW = 120 * MICRO;

    private final SimulatedTime time;
    private final Clocks clocks;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();

    SimulatedRecorder(SimulatedTime time, Clocks clocks) {
        this.time = time;
        this.clocks = clocks;
    }

    void record(String process, Event event) {
        long at = time.now();
        if (clocks == Clocks.COARSE) {
            at -= at % TICK;
        } else if (clocks == Clocks.SKEWED) {
            at += offsets.computeIfAbsent(process, key -> time.random.nextLong(SKEW) - SKEW / 2);
        }
        entries.add(new Entry(process, sequences.merge(process, 1L, Long::sum), at, event));
    }

    History history() {
        return History.of(entries);
    }
}
