package io.anymq.tck;

import io.anymq.history.History;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link CrashConsumerMain} in a process of its own, killed with SIGKILL. */
public final class ChildProcessConsumer implements CrashableConsumer {
    private static final long SECONDS_TO_DIE = 20;

    private final Process process;
    private final CrashConsumerLog log = new CrashConsumerLog();
    private final Thread reader;

    private ChildProcessConsumer(Process process) {
        this.process = process;
        this.reader = new Thread(this::readOutput, "tck-crash-consumer-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process with this JVM's Java and class path. */
    public static ChildProcessConsumer start(CrashSpec spec) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(CrashConsumerMain.class.getName());
        command.addAll(spec.arguments());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ANYMQ_"));
        builder.directory(new File(System.getProperty("java.io.tmpdir")));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return new ChildProcessConsumer(builder.start());
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.accept(line);
            }
        } catch (IOException e) {
            // A killed process breaks its pipe: what it said before is all there will be.
            log.accept("end of output: " + e);
        }
    }

    @Override
    public List<String> started() {
        return log.started();
    }

    @Override
    public List<String> settled() {
        return log.settled();
    }

    @Override
    public History history() {
        return log.history();
    }

    @Override
    public boolean stopped() {
        return log.stopped();
    }

    @Override
    public void crash() throws InterruptedException {
        // not Process.destroyForcibly(), which closes the pipe with what the process said last
        process.toHandle().destroyForcibly();
        if (!process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " does not die");
        }
        reader.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_DIE));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
