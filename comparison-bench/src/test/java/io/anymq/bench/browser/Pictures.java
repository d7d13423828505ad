package io.anymq.bench.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes pictures of a report, for people to look at: on a desk and on a phone, light and dark. */
public final class Pictures {
    /** Small enough to be looked at as it is. */
    static final int HEIGHT = 2_000;

    private Pictures() {}

    /** The page, and the folder of the pictures. */
    public static void main(String[] args) throws Exception {
        Path page = Path.of(args[0]).toAbsolutePath();
        Path folder = Path.of(args[1]);
        Path profile = Files.createTempDirectory("anymq-pictures");
        List<String> complaints;
        try (Chromium browser = Chromium.start(profile)) {
            complaints = take(browser, page, folder);
        } finally {
            delete(profile);
        }
        complaints.forEach(complaint -> System.err.println("the browser complains: " + complaint));
        System.exit(complaints.isEmpty() ? 0 : 1);
    }

    /** Returns what the browser complained of. */
    static List<String> take(Chromium browser, Path report, Path folder) throws Exception {
        Stream.Builder<String> complaints = Stream.builder();
        for (int width : new int[] {1_280, 390}) {
            for (boolean dark : new boolean[] {false, true}) {
                Page page = browser.page(width, HEIGHT, dark);
                page.open(report);
                String name = (width < 600 ? "phone" : "desk") + (dark ? "-dark" : "-light");
                page.pictures(folder, name).forEach(System.out::println);
                page.complaints().forEach(complaints);
            }
        }
        return complaints.build().toList();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
