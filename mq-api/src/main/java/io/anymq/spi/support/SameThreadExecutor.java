package io.anymq.spi.support;

import io.anymq.API;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs everything at once on the calling thread: for vendors' clients that hand their callbacks to an executor, where what
 * the adapter does with them is short, such as putting a message into a queue of bounded length. Another thread would add a
 * hand-over and nothing else.
 *
 * <p>Thread-safe. Shutting down has no effect but on what {@link #isShutdown()} says.
 */
@API(API.Status.EXPERIMENTAL)
public final class SameThreadExecutor extends AbstractExecutorService {
    private volatile boolean shutdown;

    /** An executor without threads. */
    public SameThreadExecutor() {}

    @Override
    public void execute(Runnable command) {
        command.run();
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
