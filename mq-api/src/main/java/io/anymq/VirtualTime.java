package io.anymq;

import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Time for tests: it stands still until it is moved, so that waits of hours take no time. Retries, delays and time-outs of
 * a client go by it; what the client waits for from its broker and its handlers takes real time, as ever. Thread-safe.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * MessagingClient client = MessagingClient.builder().timeSource(time).open();
 * ...
 * time.advance(Duration.ofHours(1)); // what was due within this hour has run, or is running on the client's threads
 * }</pre>
 */
@API(API.Status.STABLE)
public final class VirtualTime implements TimeSource {
    private record Task(long dueNanos, long number, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(dueNanos, other.dueNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** In November 2023. */
    private static final long START_MILLIS = 1_700_000_000_000L;

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nanos;
    private long number;

    /** Time that stands at a moment in 2023, the same for all. */
    public VirtualTime() {}

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

    /** The number of scheduled tasks that wait for their time. */
    public synchronized int waiting() {
        return tasks.size();
    }

    /** Moves on by {@code by} and runs what becomes due on the way, on this thread, each at its time and in its order. */
    public void advance(Duration by) {
        long target = nanoTime() + by.toNanos();
        Task due = next(target);
        while (due != null) {
            due.action().run();
            due = next(target);
        }
    }

    /** Like a process that stood still for {@code by}: what became due meanwhile runs afterwards, at the later time. */
    public void jump(Duration by) {
        synchronized (this) {
            nanos += by.toNanos();
        }
        advance(Duration.ZERO);
    }

    private synchronized @Nullable Task next(long target) {
        Task first = tasks.peek();
        if (first == null || first.dueNanos() > target) {
            nanos = Math.max(nanos, target);
            return null;
        }
        nanos = Math.max(nanos, first.dueNanos());
        return tasks.poll();
    }
}
