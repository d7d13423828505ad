package io.anymq.simulation.world;

import io.anymq.TimeSource;
import io.anymq.simulation.scheduler.Timers;
import java.time.Duration;

/** The scheduler's clock, and a timer thread for one client. */
final class VirtualTime implements TimeSource, AutoCloseable {
    private final Timers timers;

    VirtualTime(String process) {
        this.timers = new Timers(process);
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
        return timers.schedule(task, delay.toNanos())::run;
    }

    @Override
    public void close() {
        timers.close();
    }
}
