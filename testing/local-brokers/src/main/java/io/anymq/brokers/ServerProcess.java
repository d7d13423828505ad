package io.anymq.brokers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One server of a broker: a child process that can be started again and again, and the log that it writes. */
final class ServerProcess {
    private static final int LINES_IN_ERROR = 40;
    private static final Duration PACE = Duration.ofMillis(50);

    private final String title;
    private final Path folder;
    private final Path log;
    private final Duration startTimeout;
    private volatile @Nullable OwnedProcess process;
    private volatile List<String> prefix = List.of();
    private volatile boolean forks;

    /**
     * Starts nothing yet.
     *
     * @param title the server's name in errors
     */
    ServerProcess(String title, Path folder, String log, Duration startTimeout) {
        this.title = title;
        this.folder = folder;
        this.log = folder.resolve(log);
        this.startTimeout = startTimeout;
    }

    /** Sets a prefix for each command from now on: a program that becomes the server, without another process. */
    void runWith(List<String> words) {
        prefix = words;
    }

    /** Says that it works in child processes, which are killed and suspended with it. */
    void forks() {
        forks = true;
    }

    /** Starts it in its folder, with both outputs appended to its log, and returns at once. */
    OwnedProcess start(ProcessBuilder command) {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command.command());
        OwnedProcess started = OwnedProcess.start(
                command.command(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())),
                forks);
        process = started;
        return started;
    }

    void awaitReady(BooleanSupplier ready) {
        OwnedProcess started = Objects.requireNonNull(process, title);
        long deadline = System.nanoTime() + startTimeout.toNanos();
        while (!ready.getAsBoolean()) {
            if (started.awaitExit(PACE)) {
                throw failure("ended with status " + started.process().exitValue() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw failure("was not ready within " + startTimeout.toSeconds() + " s");
            }
        }
    }

    private BrokerStartException failure(String what) {
        return new BrokerStartException(
                title + " " + what + ". Log: " + log + "; its last lines:\n" + logTail(LINES_IN_ERROR), log, null);
    }

    /** The process that is up, to do something to it. */
    OwnedProcess alive() {
        OwnedProcess current = process;
        if (current == null || !current.isAlive()) {
            throw new LocalBrokerException("the broker is down; restart it first");
        }
        return current;
    }

    void kill() {
        OwnedProcess current = process;
        if (current != null) {
            current.kill();
        }
    }

    /** Sends SIGKILL without waiting. */
    void destroy() {
        OwnedProcess current = process;
        if (current != null) {
            current.destroy();
        }
    }

    boolean isAlive() {
        OwnedProcess current = process;
        return current != null && current.isAlive();
    }

    boolean isSuspended() {
        OwnedProcess current = process;
        return current != null && current.isSuspended();
    }

    OptionalLong pid() {
        OwnedProcess current = process;
        return current != null && current.isAlive() ? OptionalLong.of(current.pid()) : OptionalLong.empty();
    }

    Path log() {
        return log;
    }

    boolean hasLog() {
        return Files.exists(log);
    }

    String logTail(int lines) {
        return Folders.tail(log, lines);
    }

    /** Whether it ended because another process took its port between the search for it and its use. */
    boolean foundItsPortTaken() {
        String end = logTail(LINES_IN_ERROR);
        return end.contains("Address already in use") || end.contains("eaddrinuse");
    }
}
