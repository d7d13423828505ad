package io.anymq.simulation.scheduler;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Stands in for the condition of a lock. */
final class SimulatedCondition implements Condition {
    private static final class Waiter {
        private boolean signalled;
    }

    private final ReentrantLock lock;
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    SimulatedCondition(ReentrantLock lock) {
        this.lock = lock;
    }

    private long waitFor(long nanos, boolean interruptible) throws InterruptedException {
        Waiter waiter = new Waiter();
        waiters.add(waiter);
        int holds = lock.getHoldCount();
        for (int i = 0; i < holds; i++) {
            Controlled.unlock(lock);
        }
        long deadline = Controlled.deadline(nanos);
        try {
            if (interruptible) {
                Controlled.awaitInterruptibly(() -> waiter.signalled, nanos);
            } else {
                Controlled.await(() -> waiter.signalled, nanos);
            }
        } finally {
            waiters.remove(waiter);
            for (int i = 0; i < holds; i++) {
                Controlled.lock(lock);
            }
        }
        return deadline - Controlled.nanoTime();
    }

    @Override
    public void await() throws InterruptedException {
        waitFor(Long.MAX_VALUE, true);
    }

    @Override
    public void awaitUninterruptibly() {
        try {
            waitFor(Long.MAX_VALUE, false);
        } catch (InterruptedException e) {
            throw new AssertionError("cannot happen", e);
        }
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        return waitFor(nanos, true);
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return waitFor(unit.toNanos(time), true) > 0;
    }

    @Override
    public boolean awaitUntil(Date deadline) {
        throw new UnsupportedOperationException("the simulation does not support waiting until a date");
    }

    @Override
    public void signal() {
        Waiter first = waiters.poll();
        if (first != null) {
            first.signalled = true;
        }
    }

    @Override
    public void signalAll() {
        waiters.forEach(waiter -> waiter.signalled = true);
        waiters.clear();
    }
}
