package io.anymq.spi.support;

import io.anymq.API;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads of an adapter, named so that a leak can be seen and attributed. Stateless.
 *
 * <pre>{@code
 * Executors.newScheduledThreadPool(2, AdapterThreads.daemons("anymq-x-" + clientName));
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class AdapterThreads {
    private AdapterThreads() {}

    /** Daemon threads called {@code name-1}, {@code name-2} and so on. */
    public static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
