package io.anymq.bench.theory;

import io.anymq.bench.result.TimePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes down ten times a second how far things are.. */
final class Sampler {
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
            Stage.until(next);
            points.add(new TimePoint(
                    Math.round((System.nanoTime() - begin) / 1e7) / 100.0,
                    sent.getAsLong(),
                    confirmed.getAsLong(),
                    handled.getAsLong()));
        }
    }

    /** Complete once stopped. */
    List<TimePoint> points() {
        return List.copyOf(points);
    }

    void stop() throws InterruptedException {
        ended = true;
        thread.join();
    }
}
