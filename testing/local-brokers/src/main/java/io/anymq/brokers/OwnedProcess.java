package io.anymq.brokers;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child process that holds its owner's pipe as standard input; see {@code OwnedMain} for the other end. */
final class OwnedProcess {
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Process process;
    private @Nullable Process guard;

    private OwnedProcess(Process process) {
        this.process = process;
    }

    static OwnedProcess start(ProcessBuilder builder) {
        try {
            return new OwnedProcess(
                    builder.redirectInput(ProcessBuilder.Redirect.PIPE).start());
        } catch (IOException e) {
            throw new LocalBrokerException(
                    "could not start " + builder.command().get(0) + ": " + e.getMessage(), e);
        }
    }

    Process process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until the process has ended, at most this long. */
    boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while waiting for process " + pid(), e);
        }
    }

    /** Sends SIGKILL without waiting. */
    void destroy() {
        process.destroyForcibly();
    }

    synchronized void kill() {
        process.destroyForcibly();
        dismissGuard();
        if (!awaitExit(DEATH)) {
            throw new LocalBrokerException("process " + pid() + " still exists " + DEATH.toSeconds()
                    + " s after SIGKILL; it may hang in the operating system");
        }
    }

    synchronized void suspend() {
        if (guard == null && isAlive()) {
            guard = Signals.wakeWhenOwnerDies(pid());
            Signals.send("STOP", pid());
            ProcessThreads.awaitStopped(pid(), STOP);
        }
    }

    synchronized void resume() {
        if (guard != null && isAlive()) {
            Signals.send("CONT", pid());
        }
        dismissGuard();
    }

    synchronized boolean isSuspended() {
        return guard != null;
    }

    private void dismissGuard() {
        if (guard != null) {
            guard.destroyForcibly();
            guard = null;
        }
    }
}
