package io.anymq.bench.theory;

import io.anymq.bench.result.TimePoint;
import io.anymq.bench.stats.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Records the progress of a demonstration ten times a second, until it is closed. */
final class Sampler implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(100);

    private final LongSupplier sent;
    private final LongSupplier confirmed;
    private final LongSupplier handled;
    private final long begin = System.nanoTime();
    private final List<TimePoint> points = new ArrayList<>();
    private final Thread thread = new Thread(this::sample, "bench-sampler");
    private volatile boolean ended;

    Sampler(LongSupplier sent, LongSupplier confirmed, LongSupplier handled) {
        this.sent = sent;
        this.confirmed = confirmed;
        this.handled = handled;
        thread.start();
    }

    private void sample() {
        for (long next = begin; !ended; next += STEP.toNanos()) {
            Pace.until(next);
            points.add(new TimePoint(
                    Math.round(seconds() * 100) / 100.0, sent.getAsLong(), confirmed.getAsLong(), handled.getAsLong()));
        }
    }

    /** Since it began. */
    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Complete once closed. */
    List<TimePoint> points() {
        return List.copyOf(points);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
