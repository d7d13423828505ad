package io.anymq.history.check;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time, in which tasks run one after another, and the random numbers of one seed. */
final class SimulatedTime {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;

    private record Task(long at, long order, Runnable work) {}

    final SplittableRandom random;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private long now = 1_000 * MILLI;
    private long order;

    SimulatedTime(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Nanoseconds. */
    long now() {
        return now;
    }

    /** Runs this after so many nanoseconds. */
    void in(long delay, Runnable work) {
        tasks.add(new Task(now + delay, order++, work));
    }

    /** Runs this after a random time between the two, in nanoseconds. */
    void soon(long least, long most, Runnable work) {
        in(least + random.nextLong(most - least + 1), work);
    }

    /** Whether nothing is planned. */
    boolean isIdle() {
        return tasks.isEmpty();
    }

    /** Runs all that is planned, and all that this plans. */
    void runAll() {
        while (!tasks.isEmpty()) {
            Task task = tasks.poll();
            now = Math.max(now, task.at());
            task.work().run();
        }
    }

    /** Lets so many nanoseconds pass. */
    void pass(long nanos) {
        now += nanos;
    }
}
