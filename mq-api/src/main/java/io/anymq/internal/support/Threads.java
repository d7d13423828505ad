package io.anymq.internal.support;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names threads so that a leak can be seen and attributed. */
public final class Threads {
    private Threads() {}

    /** Daemon threads called {@code anymq-<name>-<n>}. */
    public static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "anymq-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** One daemon thread called {@code anymq-<name>}. */
    public static Thread single(String name, Runnable task) {
        return single(name, false, task);
    }

    /** One thread called {@code anymq-<name>}; {@code keepsAlive}: whether the JVM lives as long as it runs. */
    public static Thread single(String name, boolean keepsAlive, Runnable task) {
        Thread thread = new Thread(task, "anymq-" + name);
        thread.setDaemon(!keepsAlive);
        return thread;
    }
}
