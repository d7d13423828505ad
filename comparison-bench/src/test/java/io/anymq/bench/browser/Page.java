package io.anymq.bench.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One page of a browser. Used by one thread. */
public final class Page {
    private static final String PAINTED =
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";

    private final DevTools tools;
    private final String session;

    Page(DevTools tools, String session) {
        this.tools = tools;
        this.session = session;
    }

    /** Shows a file; returns when it is loaded, its scripts have run and it has been painted. */
    public void open(Path file) throws Exception {
        tools.call(session, "Page.navigate", Map.of("url", file.toUri().toString()));
        tools.await(session, "Page.loadEventFired");
        evaluate(PAINTED);
    }

    /** The value of an expression, promises awaited; an {@link IOException} if it throws. */
    public JsonNode evaluate(String expression) throws Exception {
        JsonNode answer = tools.call(
                session,
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(answer.get("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /** The strings of an array that an expression comes to. */
    public List<String> strings(String expression) throws Exception {
        List<String> strings = new ArrayList<>();
        evaluate(expression).forEach(each -> strings.add(each.asText()));
        return strings;
    }

    /** Exceptions, errors and warnings on the console, and what the browser logs, such as a forbidden request. */
    public List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        tools.events(session, "Runtime.exceptionThrown")
                .forEach(event -> complaints.add(event.path("exceptionDetails").toString()));
        tools.events(session, "Runtime.consoleAPICalled").stream()
                .filter(event -> List.of("error", "warning", "assert")
                        .contains(event.path("type").asText()))
                .forEach(event -> complaints.add(event.path("args").toString()));
        tools.events(session, "Log.entryAdded").stream()
                .filter(event -> !event.path("entry").path("level").asText().equals("verbose"))
                .forEach(
                        event -> complaints.add(event.path("entry").path("text").asText()));
        return complaints;
    }

    /** Every address that the page asked for. */
    public List<String> requests() {
        return tools.events(session, "Network.requestWillBeSent").stream()
                .map(event -> event.path("request").path("url").asText())
                .toList();
    }

    /** A picture of the page from its top down to so many pixels, as PNG. */
    public void picture(Path file, int height) throws Exception {
        int whole = evaluate("document.documentElement.scrollHeight").asInt();
        Map<String, Integer> clip =
                Map.of("x", 0, "y", 0, "width", width(), "height", Math.min(height, whole), "scale", 1);
        capture(file, Map.of("format", "png", "captureBeyondViewport", true, "clip", clip));
    }

    /**
     * Pictures of the whole page, in pieces as high as the window: {@code name-01.png} and so on, from its top. The last one
     * overlaps the one before it.
     */
    public List<Path> pictures(Path folder, String name) throws Exception {
        int window = evaluate("window.innerHeight").asInt();
        int whole = evaluate("document.documentElement.scrollHeight").asInt();
        List<Path> files = new ArrayList<>();
        for (int top = 0; top < whole; top += window) {
            evaluate("window.scrollTo({top: " + top + ", behavior: 'instant'})");
            evaluate(PAINTED);
            Path file = folder.resolve(String.format(Locale.ROOT, "%s-%02d.png", name, files.size() + 1));
            capture(file, Map.of("format", "png"));
            files.add(file);
        }
        return files;
    }

    private int width() throws Exception {
        return evaluate("document.documentElement.clientWidth").asInt();
    }

    private void capture(Path file, Map<String, ?> how) throws Exception {
        JsonNode picture = tools.call(session, "Page.captureScreenshot", how);
        byte[] bytes = Base64.getDecoder().decode(picture.path("data").asText());
        if (bytes.length == 0) {
            throw new IOException("the browser could not take " + file);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, bytes);
    }
}
