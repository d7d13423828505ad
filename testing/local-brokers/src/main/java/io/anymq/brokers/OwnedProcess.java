package io.anymq.brokers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child process that holds its owner's pipe as standard input; see {@code OwnedMain} for the other end. */
final class OwnedProcess {
    private static final Duration DEATH = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Process process;
    private final boolean forks;
    private @Nullable Process guard;

    private OwnedProcess(Process process, boolean forks) {
        this.process = process;
        this.forks = forks;
    }

    static OwnedProcess start(ProcessBuilder builder) {
        return start(builder, false);
    }

    /** @param forks whether its child processes are killed and suspended with it */
    static OwnedProcess start(ProcessBuilder builder, boolean forks) {
        try {
            return new OwnedProcess(
                    builder.redirectInput(ProcessBuilder.Redirect.PIPE).start(), forks);
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

    private List<ProcessHandle> children() {
        return forks ? process.descendants().toList() : List.of();
    }

    synchronized void kill() {
        List<ProcessHandle> children = children();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        dismissGuard();
        if (!awaitExit(DEATH)) {
            throw new LocalBrokerException("process " + pid() + " still exists " + DEATH.toSeconds()
                    + " s after SIGKILL; it may hang in the operating system");
        }
        children.forEach(child -> ProcessThreads.awaitEnded(child.pid(), DEATH));
    }

    synchronized void suspend() {
        if (guard == null && isAlive()) {
            guard = Signals.wakeWhenOwnerDies(pid());
            Signals.send("STOP", pid());
            ProcessThreads.awaitStopped(pid(), STOP);
            // It forks no more. One that ends at this moment need not be stopped.
            for (ProcessHandle child : children()) {
                if (Signals.trySend("STOP", child.pid())) {
                    ProcessThreads.awaitStopped(child.pid(), STOP);
                }
            }
        }
    }

    synchronized void resume() {
        if (guard != null && isAlive()) {
            children().forEach(child -> Signals.trySend("CONT", child.pid()));
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
