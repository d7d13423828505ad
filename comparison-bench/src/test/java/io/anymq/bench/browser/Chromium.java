package io.anymq.bench.browser;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A headless Chromium of this machine, driven over its DevTools protocol. Used by one thread. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--remote-debugging-port=0");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final DevTools tools;

    private Chromium(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /** Starts it with a profile of its own in {@code folder}, which is the caller's to delete. */
    public static Chromium start(Path folder) throws Exception {
        List<String> command = new ArrayList<>(List.of(executable().toString()));
        command.addAll(FLAGS);
        command.add("--user-data-dir=" + folder.resolve("profile"));
        command.add("about:blank");
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            CompletableFuture<String> address = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(process, address), "chromium-messages");
            reader.setDaemon(true);
            reader.start();
            URI uri = URI.create(address.get(START.toSeconds(), TimeUnit.SECONDS));
            return new Chromium(process, DevTools.connect(HttpClient.newHttpClient(), uri));
        } catch (Exception e) {
            end(process);
            throw e;
        }
    }

    /** Goes on until the process ends, so that it never blocks on a full pipe. */
    private static void read(Process process, CompletableFuture<String> address) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    address.complete(listening.group(1));
                }
            }
            address.completeExceptionally(new IOException("Chromium ended before it listened: " + said));
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
    }

    /** {@code CHROME_BIN}, else the first of the usual names on the path; throws if there is none. */
    public static Path executable() throws IOException {
        String chosen = System.getenv("CHROME_BIN");
        if (chosen != null && !chosen.isBlank()) {
            Path file = Path.of(chosen);
            if (!Files.isExecutable(file)) {
                throw new IOException("CHROME_BIN is " + chosen + ", which is no program");
            }
            return file;
        }
        return NAMES.stream()
                .flatMap(name -> path().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("Chromium is missing: none of " + String.join(", ", NAMES)
                        + " is on the path, and CHROME_BIN names none. Install it (apt-get install"
                        + " --no-install-recommends chromium), or leave this test out, which the run will say:"
                        + " ANYMQ_WITHOUT=chromium ./verify"));
    }

    private static Stream<Path> path() {
        String path = System.getenv("PATH");
        return path == null
                ? Stream.of()
                : Stream.of(path.split(File.pathSeparator))
                        .filter(part -> !part.isBlank())
                        .map(Path::of);
    }

    /** A page of {@code width} pixels, in a light or a dark scheme; shows nothing yet. */
    public Page page(int width, int height, boolean dark) throws Exception {
        String target = tools.call(null, "Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asText();
        String session = tools.call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            tools.call(session, domain + ".enable", Map.of());
        }
        tools.call(
                session,
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        tools.call(
                session,
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return new Page(tools, session);
    }

    /** Its product and version, such as {@code Chrome/150.0.7871.100}. */
    public String version() throws Exception {
        return tools.call(null, "Browser.getVersion", Map.of()).path("product").asText();
    }

    @Override
    public void close() {
        tools.close();
        end(process);
    }

    /** The browser and its helpers; the launcher that distributions put before it is one of them. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join();
            if (each.isAlive()) {
                each.destroyForcibly();
            }
        }
    }
}
