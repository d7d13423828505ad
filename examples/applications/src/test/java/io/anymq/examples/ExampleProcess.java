package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs an example as users do: in a JVM of its own, with nothing set but {@code anymq.url}. */
final class ExampleProcess implements AutoCloseable {
    static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final long LONGEST_SECONDS = 180;

    private final Process process;
    private final BufferedReader output;
    private final List<String> said = new ArrayList<>();

    private ExampleProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /** Starts a program that is told on its standard input when to go on. */
    static ExampleProcess start(String url, Class<?> main, String... arguments) throws IOException {
        return new ExampleProcess(new ProcessBuilder(command(url, main, arguments))
                .redirectErrorStream(true)
                .start());
    }

    /** Waits until it has said all of these, in any order. */
    void awaitLines(String... lines) throws IOException {
        while (!said.containsAll(List.of(lines))) {
            String line = output.readLine();
            assertThat(line)
                    .as("%s after%n%s", List.of(lines), String.join("\n", said))
                    .isNotNull();
            said.add(line);
        }
    }

    void tell() throws IOException {
        process.getOutputStream().write('!');
        process.getOutputStream().flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end. Not by {@link Process#destroy}, which closes the streams. */
    void terminate() {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                .as("has ended")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Returns its output; it must have ended by itself and reported success. */
    static String succeed(Path folder, String url, Class<?> main, String... arguments) {
        Result result = run(folder, url, main, arguments);
        assertThat(result.exit()).as(result.output()).isZero();
        return result.output();
    }

    static Result run(Path folder, String url, Class<?> main, String... arguments) {
        List<String> command = command(url, main, arguments);
        Path output = folder.resolve(main.getSimpleName() + ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
                String text = Files.readString(output);
                assertThat(ended)
                        .as("ended within %d s%n%s", LONGEST_SECONDS, text)
                        .isTrue();
                System.out.println(text);
                return new Result(process.exitValue(), text);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + main, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + main + " was running", e);
        }
    }

    private static List<String> command(String url, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Danymq.url=" + url,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    record Result(int exit, String output) {}
}
