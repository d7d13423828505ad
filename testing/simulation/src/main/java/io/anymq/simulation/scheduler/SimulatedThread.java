package io.anymq.simulation.scheduler;

import java.util.IdentityHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for every thread that instrumented code makes. It is never started as a real one: a {@link Carrier} runs it
 * whenever the scheduler says so. Its fields are accessed only by the thread that holds the baton.
 */
public final class SimulatedThread extends Thread {
    final Scheduler scheduler;
    final @Nullable Runnable task;
    final String process;
    final IdentityHashMap<SimulatedThreadLocal<?>, Object> locals = new IdentityHashMap<>(4);

    @Nullable
    Carrier carrier;

    /** The condition it waits for, or null. */
    @Nullable
    BooleanSupplier until;

    /** When it stops waiting, or {@link Long#MAX_VALUE}. */
    long deadline = Long.MAX_VALUE;

    boolean interruptible;
    boolean interrupted;
    boolean permit;
    boolean ended;

    /** Locks and monitors held. */
    int locks;

    /** While this is positive, the thread does not hand over voluntarily. */
    int quiet;

    /** Like {@link Thread#Thread(Runnable, String)}. */
    public SimulatedThread(@Nullable Runnable task, String name) {
        super(null, null, name, 0, false);
        this.scheduler = Scheduler.current();
        this.task = task;
        this.process = scheduler.process();
        setContextClassLoader(scheduler.guests());
    }

    /** Like {@link Thread#Thread(Runnable)}. */
    public SimulatedThread(@Nullable Runnable task) {
        this(task, "thread");
    }

    SimulatedThread(Scheduler scheduler, Runnable task, String name, String process) {
        super(null, null, name, 0, false);
        this.scheduler = scheduler;
        this.task = task;
        this.process = process;
        setContextClassLoader(scheduler.guests());
    }

    @Override
    public synchronized void start() {
        scheduler.begin(this);
    }

    @Override
    public void interrupt() {
        interrupted = true;
    }

    @Override
    public boolean isInterrupted() {
        return interrupted;
    }
}
