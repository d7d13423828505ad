package io.anymq.simulation.scheduler;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The timer thread of one process, in virtual time. Used under the scheduler only. */
public final class Timers {
    private record Task(long at, long number, Runnable work) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
    private final SimulatedThread thread;
    private long number;
    private boolean closed;

    /** Starts it as a thread of {@code process}. */
    public Timers(String process) {
        this.thread = (SimulatedThread) Scheduler.spawn(process, "timer-" + process, this::run);
    }

    /** Runs {@code work} on the timer thread once {@code nanos} have passed; the result takes it back. */
    public Runnable schedule(Runnable work, long nanos) {
        Task task = new Task(Controlled.deadline(Math.max(0, nanos)), number++, work);
        tasks.add(task);
        if (thread.until != null) {
            thread.deadline = Math.min(thread.deadline, task.at());
        }
        return () -> tasks.remove(task);
    }

    /** Ends the thread; scheduled tasks never run. */
    public void close() {
        closed = true;
        tasks.clear();
    }

    private void run() {
        while (!closed) {
            Task first = tasks.peek();
            if (first == null || first.at() > Controlled.nanoTime()) {
                long wait = first == null ? Long.MAX_VALUE : first.at() - Controlled.nanoTime();
                Controlled.await(() -> closed, wait);
            } else {
                tasks.remove(first);
                first.work().run();
            }
        }
    }
}
