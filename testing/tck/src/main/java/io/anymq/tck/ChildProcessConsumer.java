package io.anymq.tck;

import io.anymq.history.History;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A {@link CrashConsumerMain} in a process of its own, killed with SIGKILL. If it ends by itself, every question about
 * it throws {@link IllegalStateException} with its exit status and its last lines. Thread-safe.
 */
public final class ChildProcessConsumer implements CrashableConsumer {
    private static final long SECONDS_TO_DIE = 20;
    private static final int LINES_IN_ERROR = 40;

    private final Process process;
    private final CrashConsumerLog log = new CrashConsumerLog();
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final List<Thread> readers;
    private volatile boolean killed;

    private ChildProcessConsumer(Process process) {
        this.process = process;
        // apart, or a line of one would cut a line of the other in two
        this.readers = List.of(
                reader("output", () -> read(process.inputReader(StandardCharsets.UTF_8), this::takeOutput)),
                reader("errors", () -> read(process.errorReader(StandardCharsets.UTF_8), this::takeError)));
    }

    private Thread reader(String of, Runnable reading) {
        Thread reader = new Thread(reading, "tck-crash-consumer-" + of + "-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Starts a process with this JVM's Java and class path. */
    public static ChildProcessConsumer start(CrashSpec spec) throws IOException {
        return start(System.getProperty("java.class.path"), CrashConsumerMain.class.getName(), spec.arguments());
    }

    static ChildProcessConsumer start(String classPath, String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(absolute(classPath));
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ANYMQ_"));
        builder.directory(new File(System.getProperty("java.io.tmpdir")));
        return new ChildProcessConsumer(builder.start());
    }

    /** The child runs in another folder, where {@code target/classes} and an empty entry would mean something else. */
    static String absolute(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator, -1))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void read(BufferedReader from, Consumer<String> into) {
        try (from) {
            for (String line = from.readLine(); line != null; line = from.readLine()) {
                into.accept(line);
            }
        } catch (IOException e) {
            // A killed process breaks its pipe: there will be no more output.
            into.accept("end of output: " + e);
        }
    }

    private void takeOutput(String line) {
        if (!log.accept(line)) {
            keep(line);
        }
    }

    @SuppressWarnings("SystemOut") // as if the child had this process's standard error
    private void takeError(String line) {
        System.err.println(line);
        keep(line);
    }

    private void keep(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LINES_IN_ERROR) {
                lastLines.removeFirst();
            }
            lastLines.addLast(line);
        }
    }

    /** Nothing would come of waiting for a process that has ended by itself: says how, and what its last words were. */
    private void requireRunning() {
        if (killed || process.isAlive()) {
            return;
        }
        try {
            joinReaders();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!killed) {
            synchronized (lastLines) {
                throw new IllegalStateException("the crash consumer, process " + process.pid()
                        + ", ended by itself with exit status " + process.exitValue() + "; its last lines:\n  "
                        + (lastLines.isEmpty() ? "(none)" : String.join("\n  ", lastLines)));
            }
        }
    }

    private void joinReaders() throws InterruptedException {
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_DIE));
        }
    }

    @Override
    public List<String> started() {
        requireRunning();
        return log.started();
    }

    @Override
    public List<String> settled() {
        requireRunning();
        return log.settled();
    }

    @Override
    public History history() {
        requireRunning();
        return log.history();
    }

    @Override
    public boolean stopped() {
        requireRunning();
        return log.stopped();
    }

    @Override
    public void crash() throws InterruptedException {
        requireRunning();
        killed = true;
        // not Process.destroyForcibly(), which closes the pipe and loses the last output
        process.toHandle().destroyForcibly();
        if (!process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " did not exit after being killed");
        }
        joinReaders();
    }

    @Override
    public void close() {
        killed = true;
        process.destroyForcibly();
    }
}
