package io.anymq.clientversions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A project in {@code platforms}, and what it resolves. */
record Platform(String name) {
    private static final Path PLATFORMS = Path.of("platforms").toAbsolutePath();

    /** Those on which everything must work. */
    static Stream<Platform> supported() {
        return Stream.of("newest", "boot-3.5", "boot-4.0", "boot-4.1", "quarkus-3.33")
                .map(Platform::new);
    }

    /** Without the application. */
    List<Path> jars() {
        Path file = PLATFORMS.resolve(name).resolve("target/classpath");
        try {
            return Arrays.stream(Files.readString(file).strip().split(System.getProperty("path.separator")))
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " is missing; build with: mvn verify -pl testing/client-versions -am", e);
        }
    }

    /** With the application itself. */
    List<Path> classPath() {
        List<Path> entries = new ArrayList<>(jars());
        entries.add(Path.of("target/classes").toAbsolutePath());
        return entries;
    }

    /** The names of the jars of others, sorted: what AnyMQ brings into an application. */
    List<String> libraries() {
        return jars().stream()
                .map(jar -> jar.getFileName().toString())
                .filter(jar -> !jar.startsWith("anymq-") && !jar.equals("classes"))
                .sorted()
                .toList();
    }
}
