package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.Health;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that wait for a broker longer than their caller may. Each runs on a thread of its own, so that none holds up
 * another or a timer. Thread-safe.
 *
 * <pre>{@code
 * BlockingCalls calls = new BlockingCalls("anymq-x-" + clientName + "-call");
 * calls.execute(channel::close);
 * calls.run(channel::flush, Duration.ofSeconds(1));
 * return calls.probe("X at " + host, timeout, () -> look());
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class BlockingCalls {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingCalls.class);

    private final ExecutorService threads;
    private @Nullable Future<Health> probe;

    /** Something that talks to the broker. */
    @FunctionalInterface
    public interface Call {
        /** Talks to the broker. */
        void run() throws IOException;
    }

    /** No calls yet, and no threads; {@code name} is the beginning of the threads' names. */
    public BlockingCalls(String name) {
        threads = Executors.newCachedThreadPool(AdapterThreads.daemons(name));
    }

    /** Runs it in the background; not at all after {@link #close}. */
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.trace("The connection is closed already", closed);
        }
    }

    /**
     * Runs it, and waits for its end.
     *
     * @throws IOException if it fails so, or is not done in time; it then goes on by itself
     */
    public void run(Call call, Duration timeout) throws IOException {
        try {
            threads.submit(() -> {
                        call.run();
                        return true;
                    })
                    .get(millis(timeout), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Answers {@link io.anymq.spi.BrokerConnection#probe}. While a look goes on, later calls wait for it instead of
     * beginning another one.
     *
     * @param where the broker, such as "RabbitMQ at localhost"
     * @param look asks the broker; what it throws is a reason to be down
     */
    public Health probe(String where, Duration timeout, Callable<Health> look) {
        try {
            return look(look).get(millis(timeout), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return Health.down("the connection to " + where + " is closed");
        } catch (TimeoutException e) {
            return Health.down(where + " did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return Health.down("the health check of " + where + " failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down("interrupted during the health check of " + where);
        }
    }

    private synchronized Future<Health> look(Callable<Health> look) {
        Future<Health> current = probe;
        if (current == null || current.isDone()) {
            current = threads.submit(look);
            probe = current;
        }
        return current;
    }

    private static long millis(Duration timeout) {
        return Math.max(1, timeout.toMillis());
    }

    /**
     * Interrupts what still runs and waits for its end, at least 100 ms; later calls fail.
     *
     * @return whether all have ended
     */
    public boolean close(Deadline deadline) throws InterruptedException {
        threads.shutdownNow();
        return threads.awaitTermination(Math.max(100, deadline.millisLeft()), TimeUnit.MILLISECONDS);
    }
}
