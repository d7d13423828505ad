package io.anymq.internal.support;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time source of the application. Where it throws, or returns null, the system's clock takes its place for that call:
 * a retry that is never scheduled would keep its message for ever.
 */
public final class GuardedTimeSource implements TimeSource, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GuardedTimeSource.class);

    private final TimeSource source;
    private final String name;
    private final AtomicBoolean complained = new AtomicBoolean();
    private volatile long lastNanos;

    /** Made when it is needed for the first time, as it has a thread. */
    private volatile @Nullable SystemTimeSource substitute;

    // guarded by this
    private boolean closed;

    public GuardedTimeSource(TimeSource source, String name) {
        this.source = source;
        this.name = name;
    }

    @Override
    public long currentTimeMillis() {
        return ask("currentTimeMillis()", source::currentTimeMillis, System::currentTimeMillis);
    }

    @Override
    public long nanoTime() {
        // the two clocks have nothing in common, so the last known time goes on instead
        long now = ask("nanoTime()", source::nanoTime, () -> lastNanos);
        lastNanos = now;
        return now;
    }

    private long ask(String method, LongSupplier question, LongSupplier otherwise) {
        try {
            return question.getAsLong();
        } catch (Throwable e) {
            complain(method, e);
            return otherwise.getAsLong();
        }
    }

    @Override
    public Cancellable schedule(Runnable task, Duration delay) {
        // one that throws after it has taken the task must not make it run twice
        Once once = new Once(task);
        try {
            Cancellable scheduled = source.schedule(once, delay);
            return scheduled == null ? () -> once.set(true) : () -> cancel(scheduled, once);
        } catch (Throwable e) {
            complain("schedule(…)", e);
            return substitute().schedule(once, delay);
        }
    }

    private synchronized SystemTimeSource substitute() {
        SystemTimeSource made = substitute;
        if (made == null) {
            made = new SystemTimeSource(name);
            substitute = made;
            if (closed) {
                made.close();
            }
        }
        return made;
    }

    private void cancel(Cancellable scheduled, Once once) {
        once.set(true);
        try {
            scheduled.cancel();
        } catch (Throwable e) {
            complain("cancel()", e);
        }
    }

    private void complain(String method, Throwable failure) {
        if (complained.compareAndSet(false, true)) {
            log.warn(
                    "Time source {} failed in {}; the system's clock takes its place for such calls, further failures"
                            + " are not logged",
                    source.getClass().getName(),
                    method,
                    Failures.printable(failure));
        }
    }

    /** Whether the calling thread is the substitute's timer; the application's own is not known. */
    public boolean isTimerThread() {
        SystemTimeSource made = substitute;
        return made != null && made.isTimerThread();
    }

    @Override
    public synchronized void close() {
        closed = true;
        SystemTimeSource made = substitute;
        if (made != null) {
            made.close();
        }
    }

    /** True once it has begun or was cancelled. */
    private static final class Once extends AtomicBoolean implements Runnable {
        private static final long serialVersionUID = 1;

        private final transient Runnable task;

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (compareAndSet(false, true)) {
                task.run();
            }
        }
    }
}
