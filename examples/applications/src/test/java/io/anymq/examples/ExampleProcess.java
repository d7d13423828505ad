package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs an example as users do: in a JVM of its own, with nothing set but {@code anymq.url}. */
final class ExampleProcess {
    private static final long LONGEST_SECONDS = 180;

    private ExampleProcess() {}

    /** Returns its output; it must have ended by itself and reported success. */
    static String succeed(Path folder, String url, Class<?> main, String... arguments) {
        Result result = run(folder, url, main, arguments);
        assertThat(result.exit()).as(result.output()).isZero();
        return result.output();
    }

    static Result run(Path folder, String url, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Danymq.url=" + url,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
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

    record Result(int exit, String output) {}
}
