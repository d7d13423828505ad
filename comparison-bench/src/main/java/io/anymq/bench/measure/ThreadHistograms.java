package io.anymq.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One histogram per recording thread, so that recording costs no contention; read once the recording threads are done. */
final class ThreadHistograms {
    private static final long HIGHEST = TimeUnit.MINUTES.toNanos(5);

    private final List<Histogram> all = new ArrayList<>();
    private final ThreadLocal<Histogram> mine = ThreadLocal.withInitial(this::register);

    private Histogram register() {
        Histogram histogram = newHistogram();
        synchronized (all) {
            all.add(histogram);
        }
        return histogram;
    }

    static Histogram newHistogram() {
        return new Histogram(HIGHEST, 3);
    }

    void record(long nanos) {
        mine.get().recordValue(Math.min(HIGHEST, Math.max(0, nanos)));
    }

    Histogram merged() {
        Histogram merged = newHistogram();
        synchronized (all) {
            all.forEach(merged::add);
        }
        return merged;
    }
}
