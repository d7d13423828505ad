package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class MavenClassPathIT {
    private static final List<String> SMALL = List.of("org.slf4j:slf4j-simple:1.7.36");

    @TempDir
    Path cache;

    private final Map<String, String> environment = new HashMap<>(System.getenv());

    private MavenClassPath maven() {
        Map<String, String> properties = new HashMap<>();
        properties.put("anymq.brokers.cache", cache.toString());
        return new MavenClassPath(
                new Settings(name -> properties.getOrDefault(name, System.getProperty(name)), environment::get));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void fetchesOnceAndThenNeedsNoMaven() throws IOException {
        List<Path> jars = maven().resolve("small", SMALL);
        assertThat(jars)
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly("slf4j-api-1.7.36.jar", "slf4j-simple-1.7.36.jar");
        environment.clear();
        assertThat(maven().resolve("small", SMALL)).isEqualTo(jars);
        assertThat(names()).hasSize(2);
    }

    @Test
    void severalJvmsAtOnceFetchOnce() throws IOException {
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                children.add(ChildJvm.of(FetchMain.class)
                        .jvmOptions("-Xmx64m")
                        .systemProperty("anymq.brokers.cache", cache.toString())
                        .start());
            }
            int fetches = 0;
            for (ChildJvm child : children) {
                child.awaitLine("2 jars, then 2 jars", Duration.ofMinutes(2));
                fetches += (int) child.output().stream()
                        .filter(line -> line.contains("fetching"))
                        .count();
            }
            assertThat(fetches).isEqualTo(1);
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    @Test
    void withoutMavenTheErrorSaysWhatToDo() {
        environment.clear();
        assertThatThrownBy(() -> maven().resolve("small", SMALL))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("Put mvn on the PATH")
                .hasMessageContaining("-Danymq.brokers.maven=");
    }

    @Test
    void mavensOwnFailureIsPassedOnAndLeavesNothingHalfDone() throws IOException {
        assertThatThrownBy(() -> maven().resolve("bad", List.of("io.anymq:absent:${no.such.property}")))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("failed with status 1")
                .hasMessageContaining("no.such.property");
        assertThat(names()).allMatch(name -> name.endsWith(".lock"));
    }

    @Test
    void anUnusableCacheFolderIsAnError() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));
        Settings settings =
                new Settings(Map.of("anymq.brokers.cache", file.resolve("below").toString())::get, environment::get);
        assertThatThrownBy(() -> new MavenClassPath(settings).resolve("small", SMALL))
                .isInstanceOf(LocalBrokerException.class)
                .hasMessageContaining("-Danymq.brokers.cache");
    }
}
