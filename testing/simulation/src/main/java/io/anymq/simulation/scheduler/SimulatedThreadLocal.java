package io.anymq.simulation.scheduler;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value for each simulated thread, whichever carrier runs it. */
public final class SimulatedThreadLocal<T> extends ThreadLocal<T> {
    private final @Nullable Supplier<? extends T> initial;

    /** Without a value at first. */
    public SimulatedThreadLocal() {
        this(null);
    }

    SimulatedThreadLocal(@Nullable Supplier<? extends T> initial) {
        this.initial = initial;
    }

    private static SimulatedThread thread() {
        SimulatedThread thread = Scheduler.currentThread();
        if (thread == null) {
            throw new IllegalStateException("not a simulated thread");
        }
        return thread;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // null stands for no value, as in ThreadLocal
    public T get() {
        SimulatedThread thread = thread();
        Object value = thread.locals.get(this);
        if (value == null && initial != null) {
            value = initial.get();
            thread.locals.put(this, value);
        }
        return (T) value;
    }

    @Override
    public void set(T value) {
        thread().locals.put(this, value);
    }

    @Override
    public void remove() {
        thread().locals.remove(this);
    }
}
