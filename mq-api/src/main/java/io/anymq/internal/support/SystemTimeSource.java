package io.anymq.internal.support;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real clock and one timer thread. */
public final class SystemTimeSource implements TimeSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SystemTimeSource.class);

    private final ScheduledThreadPoolExecutor timer;
    private volatile @Nullable Thread thread;

    public SystemTimeSource(String name) {
        ThreadFactory threads = Threads.named("timer-" + name);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = threads.newThread(task);
            thread = made;
            return made;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
        try {
            Future<?> future = timer.schedule(() -> runLogged(task), Nanos.of(delay), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            log.debug("The timer is closed; dropped a task");
            return () -> {};
        }
    }

    private static void runLogged(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log.error("A timer task failed; other tasks continue", e);
        }
    }

    /** Whether the calling thread is the timer's. */
    public boolean isTimerThread() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
