package io.anymq.simulation.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Stands in for an unbounded thread pool: each task gets a thread of its own, made by the pool's factory. */
public final class SimulatedPool extends ThreadPoolExecutor {
    private final ThreadFactory factory;
    private final List<Thread> busy = new ArrayList<>();
    private boolean closed;

    /** Like {@link ThreadPoolExecutor}; bounds on the number of threads are none of the simulation's. */
    public SimulatedPool(
            int core, int max, long keep, TimeUnit unit, BlockingQueue<Runnable> queue, ThreadFactory factory) {
        super(core, max, keep, unit, queue, factory);
        if (max != Integer.MAX_VALUE) {
            throw new UnsupportedOperationException("the simulation supports only unbounded pools");
        }
        this.factory = factory;
    }

    @Override
    public void execute(Runnable task) {
        Controlled.point();
        if (closed) {
            throw new RejectedExecutionException("the pool is closed");
        }
        Thread[] self = new Thread[1];
        Thread thread = factory.newThread(() -> {
            try {
                task.run();
            } finally {
                busy.remove(self[0]);
            }
        });
        self[0] = thread;
        busy.add(thread);
        thread.start();
    }

    @Override
    public void shutdown() {
        closed = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        closed = true;
        busy.forEach(Thread::interrupt);
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return closed && busy.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        Controlled.awaitInterruptibly(this::isTerminated, unit.toNanos(timeout));
        return isTerminated();
    }
}
