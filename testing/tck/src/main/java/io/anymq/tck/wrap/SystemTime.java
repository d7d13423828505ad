package io.anymq.tck.wrap;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The system's time, with the common delay scheduler of the JDK; a subclass may shift it. Thread-safe. */
public class SystemTime implements TimeSource {
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
        CompletableFuture<Void> scheduled = CompletableFuture.runAsync(
                task, CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS));
        return () -> scheduled.cancel(false);
    }
}
