package io.anymq.internal.support;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.PriorityQueue;

/** Time that stands still until it is told to go on; due tasks run on the thread that moves it. */
public final class VirtualTime implements TimeSource {
    private record Task(long dueNanos, long number, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private static final long START_MILLIS = 1_700_000_000_000L;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nanos;
    private long number;

    @Override
    public synchronized long currentTimeMillis() {
        return START_MILLIS + nanos / 1_000_000;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Cancellable schedule(Runnable action, Duration delay) {
        Task task = new Task(nanos + Math.max(0, delay.toNanos()), number++, action);
        tasks.add(task);
        return () -> remove(task);
    }

    private synchronized void remove(Task task) {
        tasks.remove(task);
    }

    /** Tasks that wait for their time. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** Moves on and runs what becomes due on the way, in the order of its time. */
    public void advance(Duration by) {
        long target = nanoTime() + by.toNanos();
        Task due = next(target);
        while (due != null) {
            due.action().run();
            due = next(target);
        }
    }

    /** Pretends that the process stood still: everything that became due meanwhile runs at the later time. */
    public void jump(Duration by) {
        synchronized (this) {
            nanos += by.toNanos();
        }
        advance(Duration.ZERO);
    }

    private synchronized Task next(long target) {
        Task first = tasks.peek();
        if (first == null || first.dueNanos() > target) {
            nanos = Math.max(nanos, target);
            return null;
        }
        nanos = Math.max(nanos, first.dueNanos());
        return tasks.poll();
    }
}
