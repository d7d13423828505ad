package io.anymq.internal;

import io.anymq.internal.support.Nanos;
import io.anymq.internal.support.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the end of a client, and closes it when the JVM is asked to end meanwhile. Thread-safe. */
final class Shutdown {
    private final Runnable close;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Registered once a thread has waited, while the client is open; guarded by this. */
    private @Nullable Thread hook;

    Shutdown(Runnable close) {
        this.close = close;
    }

    void await() throws InterruptedException {
        closeWithTheJvm();
        closed.await();
    }

    /** Waits until the client is closed, also when the thread is interrupted meanwhile. */
    void awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                closed.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean await(Duration timeout) throws InterruptedException {
        closeWithTheJvm();
        return closed.await(Nanos.of(timeout), TimeUnit.NANOSECONDS);
    }

    private synchronized void closeWithTheJvm() {
        if (hook != null || closed.getCount() == 0) {
            return;
        }
        Thread registered = Threads.single("shutdown", this::closeAndWait);
        hook = registered;
        try {
            Runtime.getRuntime().addShutdownHook(registered);
        } catch (IllegalStateException alreadyEnding) {
            registered.start();
        }
    }

    /** The JVM ends with its last hook: a close that another thread has begun must be over by then. */
    private void closeAndWait() {
        close.run();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The client is closed: everybody goes on, and nothing of it stays behind in the JVM. */
    synchronized void closed() {
        closed.countDown();
        Thread registered = hook;
        if (registered != null && registered != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(registered);
            } catch (IllegalStateException ending) {
                // the JVM runs its hooks already, and this one finds the client closed
            }
        }
    }
}
