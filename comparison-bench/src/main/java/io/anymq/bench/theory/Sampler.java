package io.anymq.bench.theory;

import io.anymq.bench.result.RunResult.TimePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Records the progress of a demonstration ten times a second, until it is closed. */
final class Sampler implements AutoCloseable {
    private static final long STEP_MILLIS = 100;

    private final long begin = System.nanoTime();
    private final List<TimePoint> points = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Sampler(LongSupplier sent, LongSupplier confirmed, LongSupplier handled) {
        var unused = timer.scheduleAtFixedRate(
                () -> points.add(new TimePoint(
                        Math.round(seconds() * 100) / 100.0,
                        sent.getAsLong(),
                        confirmed.getAsLong(),
                        handled.getAsLong())),
                0,
                STEP_MILLIS,
                TimeUnit.MILLISECONDS);
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
        timer.shutdown();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
