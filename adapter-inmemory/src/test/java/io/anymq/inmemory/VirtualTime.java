package io.anymq.inmemory;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until it is told to go on; tasks run on the thread that advances it. */
final class VirtualTime implements TimeSource {
    private final List<Task> tasks = new ArrayList<>();
    private long nanos;

    private record Task(Runnable work, long atNanos) {}

    @Override
    public synchronized long currentTimeMillis() {
        return 1_700_000_000_000L + nanos / 1_000_000;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Cancellable schedule(Runnable work, Duration delay) {
        Task task = new Task(work, nanos + delay.toNanos());
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    synchronized int scheduled() {
        return tasks.size();
    }

    void advance(Duration by) {
        List<Task> due = new ArrayList<>();
        synchronized (this) {
            nanos += by.toNanos();
            tasks.removeIf(task -> task.atNanos() <= nanos && due.add(task));
        }
        due.forEach(task -> task.work().run());
    }
}
