package io.anymq.spi.support;

import io.anymq.API;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Work that an interruption must not cut short, such as the last words of a connection: vendors' clients give up at once
 * on an interrupted thread. The thread is interrupted again afterwards. Bound the work by a {@link Deadline}.
 *
 * <pre>{@code
 * Uninterrupted.run(() -> client.close(deadline.left()));
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class Uninterrupted {
    /**
     * Something to do.
     *
     * @param <E> what it may fail with
     */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }

    private Uninterrupted() {}

    /** Does {@code work}, and interrupts the thread afterwards if it was interrupted before. */
    public static <E extends Exception> void run(Work<E> work) throws E {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits in spite of interruptions; false if the deadline passed first. */
    public static boolean await(CountDownLatch latch, Deadline deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return latch.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
