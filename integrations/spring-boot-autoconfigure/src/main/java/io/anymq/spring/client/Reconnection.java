package io.anymq.spring.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Repeats what a broker could not do yet, with growing pauses, on one daemon thread that ends while there is nothing to
 * repeat. Thread-safe.
 */
public final class Reconnection implements AutoCloseable {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final ScheduledExecutorService thread;

    /** Starts no thread yet. */
    public Reconnection() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "anymq-reconnect");
            created.setDaemon(true);
            return created;
        });
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        this.thread = executor;
    }

    /** Calls {@code attempt} until it returns true: first after a second, at last every 15 s. It must not throw. */
    public void repeat(BooleanSupplier attempt) {
        schedule(attempt, FIRST);
    }

    private void schedule(BooleanSupplier attempt, Duration delay) {
        try {
            ScheduledFuture<?> unused = thread.schedule(
                    () -> {
                        if (!attempt.getAsBoolean()) {
                            Duration doubled = delay.multipliedBy(2);
                            schedule(attempt, doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST);
                        }
                    },
                    delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // the application ends
        }
    }

    /** Repeats nothing more, and interrupts an attempt that runs. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
