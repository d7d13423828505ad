package io.anymq.brokers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class running in a JVM of its own, to be killed or suspended in the middle of its work.
 *
 * <p>It uses the same Java installation and, unless told otherwise, the same class path as this JVM. Standard output
 * and standard error are captured together, the last 10,000 lines of them. Standard input belongs to the tie to this
 * JVM: it must not be read. The child dies with this JVM, even if this JVM is killed or the child is suspended.
 *
 * <p>Thread-safe. Every call is bounded: {@link #kill()}, {@link #suspend()}, {@link #resume()} and {@link #close()} by
 * 10 s, the others by the duration given.
 *
 * <pre>{@code
 * try (ChildJvm consumer = ChildJvm.of(ConsumerMain.class).args(broker.url()).start()) {
 *     consumer.awaitLine("handled 100", Duration.ofSeconds(30));
 *     consumer.kill();
 * }
 * }</pre>
 */
public final class ChildJvm implements AutoCloseable {
    private static final int MOST_LINES = 10_000;
    private static final int LINES_IN_ERROR = 40;
    private static final Duration LAST_LINES = Duration.ofSeconds(5);

    private final String name;
    private final OwnedProcess process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private final OpenResources.Resource atTheEnd = new OpenResources.Resource() {
        @Override
        public void abandon() {
            process.destroy();
        }

        @Override
        public void close() {
            ChildJvm.this.close();
        }
    };
    private boolean ended;

    private ChildJvm(Builder builder) {
        this.name = builder.mainClass;
        ProcessBuilder command = new ProcessBuilder(
                        JavaCommand.owned(builder.jvmOptions, builder.classPath, builder.mainClass, builder.args))
                .redirectErrorStream(true);
        command.environment().putAll(builder.environment);
        this.process = OwnedProcess.start(command);
        this.reader = new Thread(this::read, "child-jvm-output-" + process.pid());
        reader.setDaemon(true);
    }

    /**
     * Prepares a child.
     *
     * @param mainClass a public class with a public static main method
     * @return a builder
     */
    public static Builder of(Class<?> mainClass) {
        return of(mainClass.getName());
    }

    /**
     * Prepares a child whose main class this JVM need not know.
     *
     * @param mainClass the main class's name
     * @return a builder
     */
    public static Builder of(String mainClass) {
        return new Builder(mainClass);
    }

    /** The settings of a child. Not thread-safe. */
    public static final class Builder {
        private final String mainClass;
        private final List<String> args = new ArrayList<>();
        private final List<String> jvmOptions = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String classPath = System.getProperty("java.class.path");

        private Builder(String mainClass) {
            this.mainClass = mainClass;
        }

        /**
         * Adds arguments for the main method.
         *
         * @param values the arguments
         * @return this builder
         */
        public Builder args(String... values) {
            args.addAll(Arrays.asList(values));
            return this;
        }

        /**
         * Adds options for the JVM, for example {@code -Xmx64m}.
         *
         * @param values the options
         * @return this builder
         */
        public Builder jvmOptions(String... values) {
            jvmOptions.addAll(Arrays.asList(values));
            return this;
        }

        /**
         * Sets a system property.
         *
         * @param key the property's name
         * @param value its value
         * @return this builder
         */
        public Builder systemProperty(String key, String value) {
            return jvmOptions("-D" + key + "=" + value);
        }

        /**
         * Sets an environment variable, besides those of this JVM.
         *
         * @param key the variable's name
         * @param value its value
         * @return this builder
         */
        public Builder environment(String key, String value) {
            environment.put(key, value);
            return this;
        }

        /**
         * Replaces the class path; default: that of this JVM. The launcher is added to it.
         *
         * @param entries jars and folders
         * @return this builder
         */
        public Builder classPath(List<Path> entries) {
            List<Path> all = new ArrayList<>(entries);
            all.add(JavaCommand.launchers());
            classPath = MavenClassPath.join(all);
            return this;
        }

        /**
         * Starts the child and returns at once.
         *
         * @return the running child
         * @throws LocalBrokerException if the JVM cannot be started
         */
        public ChildJvm start() {
            ChildJvm child = new ChildJvm(this);
            OpenResources.add(child.atTheEnd);
            child.reader.start();
            return child;
        }
    }

    private void read() {
        try (BufferedReader in = process.process().inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(could not read more output: " + e.getMessage() + ")");
        } finally {
            synchronized (lines) {
                ended = true;
                lines.notifyAll();
            }
        }
    }

    private void add(String line) {
        synchronized (lines) {
            if (lines.size() == MOST_LINES) {
                lines.remove(0);
            }
            lines.add(line);
            lines.notifyAll();
        }
    }

    /**
     * The child's process id.
     *
     * @return the id; kept after the child's end
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether the child exists; a suspended one counts.
     *
     * @return true if it exists
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The child's output so far.
     *
     * @return a copy of the lines
     */
    public List<String> output() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /**
     * Waits for a line that contains a text; lines printed before the call count.
     *
     * @param part the text
     * @param limit how long to wait at most
     * @return the first such line
     * @throws LocalBrokerException if the child ends without it, or time runs out; the message holds the last lines
     */
    public String awaitLine(String part, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (line.contains(part)) {
                        return line;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || left <= 0) {
                    throw new LocalBrokerException(name + " (process " + pid() + ") "
                            + (ended ? "ended without printing" : "did not print within " + limit) + " '" + part
                            + "'. Its last lines:\n" + tail());
                }
                waitForLines(left);
            }
        }
    }

    private void waitForLines(long millis) {
        try {
            lines.wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while waiting for the output of " + name, e);
        }
    }

    private String tail() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_IN_ERROR), lines.size()));
    }

    /**
     * Waits for the child's own end.
     *
     * @param limit how long to wait at most
     * @return its exit status
     * @throws LocalBrokerException if it still runs then; the message holds its last lines
     */
    public int awaitExit(Duration limit) {
        if (!process.awaitExit(limit)) {
            synchronized (lines) {
                throw new LocalBrokerException(name + " (process " + pid() + ") is still running after " + limit
                        + ". Its last lines:\n" + tail());
            }
        }
        awaitReader();
        return process.process().exitValue();
    }

    /** Kills the child as by SIGKILL and returns once it is gone. Does nothing if it is gone already. */
    public void kill() {
        process.kill();
        awaitReader();
    }

    /**
     * Stops the child from running, as by SIGSTOP.
     *
     * @throws UnsupportedFaultException if this platform has no such signal
     */
    public void suspend() {
        requireSignals();
        process.suspend();
    }

    /**
     * Lets a suspended child run on, as by SIGCONT.
     *
     * @throws UnsupportedFaultException if this platform has no such signal
     */
    public void resume() {
        requireSignals();
        process.resume();
    }

    private static void requireSignals() {
        if (!Signals.supported()) {
            throw new UnsupportedFaultException(
                    Fault.SUSPEND, "sending signals requires /bin/sh, which this platform does not have");
        }
    }

    /**
     * The child's resource usage so far.
     *
     * @return the figures; those that are not to be had are empty
     */
    public ResourceUsage usage() {
        return ProcessUsage.of(pid());
    }

    private void awaitReader() {
        try {
            reader.join(LAST_LINES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalBrokerException("interrupted while reading the last output of " + name, e);
        }
    }

    /** Kills the child if it still runs. */
    @Override
    public void close() {
        OpenResources.remove(atTheEnd);
        kill();
    }
}
