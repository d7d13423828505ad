package io.anymq.examples.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The executable jar in a JVM of its own, on a port that the system chooses. */
final class ExampleProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration CALL = Duration.ofSeconds(30);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    /** Guarded by itself. */
    private final StringBuilder output = new StringBuilder();

    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private ExampleProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "example-output");
        reader.setDaemon(true);
        reader.start();
    }

    static ExampleProcess launch(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("example.jar"),
                "--server.port=0"));
        command.addAll(Stream.of(options).toList());
        return new ExampleProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                write(line);
                Matcher matcher = PORT.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.valueOf(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            write(e.toString());
        }
        port.completeExceptionally(new IllegalStateException("it ended without a port"));
    }

    private void write(String line) {
        synchronized (output) {
            output.append(line).append('\n');
        }
    }

    private String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    URI uri(String path) throws Exception {
        try {
            return URI.create("http://127.0.0.1:" + port.get(START.toSeconds(), TimeUnit.SECONDS) + path);
        } catch (Exception e) {
            throw new IllegalStateException("not started:\n" + output(), e);
        }
    }

    HttpResponse<String> call(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(CALL)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    String get(String path) throws Exception {
        return call("GET", path, "").body();
    }

    /** All it has written, once it has ended by itself. */
    String outputAtEnd() throws Exception {
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running:\n" + output());
        }
        reader.join(CALL.toMillis());
        return output();
    }

    /** Asks it to end, as a supervisor does. */
    int terminate() throws Exception {
        // the handle leaves the output open, which the process itself does not
        process.toHandle().destroy();
        outputAtEnd();
        return process.exitValue();
    }

    int exitValue() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
