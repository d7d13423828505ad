package io.anymq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules for every public top-level type of an exported package. */
class PublicTypesTest {
    private static final Path SOURCES = Path.of("src/main/java");

    private static List<Class<?>> publicTypes(String name) throws Exception {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES.resolve(name.replace('.', '/')))) {
            for (Path file : files.sorted().toList()) {
                String simple = file.getFileName().toString().replace(".java", "");
                if (file.toString().endsWith(".java") && !simple.contains("-")) {
                    Class<?> type = Class.forName(name + "." + simple);
                    if (Modifier.isPublic(type.getModifiers())) {
                        types.add(type);
                    }
                }
            }
        }
        assertThat(types).as("public types of " + name).isNotEmpty();
        return types;
    }

    private static List<String> exported() throws IOException {
        return Files.readString(SOURCES.resolve("module-info.java"))
                .lines()
                .map(String::trim)
                .filter(line -> line.startsWith("exports "))
                .map(line -> line.substring("exports ".length(), line.length() - 1))
                .toList();
    }

    @Test
    void onlyPublicPackagesAreExported() throws Exception {
        assertThat(exported())
                .containsExactlyInAnyOrder("io.anymq", "io.anymq.policy", "io.anymq.spi", "io.anymq.spi.support");
    }

    @Test
    void everyPublicTypeSaysWhatItPromises() throws Exception {
        for (String name : exported()) {
            for (Class<?> type : publicTypes(name)) {
                assertThat(type.isAnnotationPresent(API.class))
                        .as("@API(API.Status.…) on " + type.getName())
                        .isTrue();
            }
        }
    }

    @Test
    void theGuideForAdaptersListsEveryClassOfSupport() throws Exception {
        String guide = Files.readString(Path.of("../docs/writing-an-adapter.md"));
        for (Class<?> type : publicTypes("io.anymq.spi.support")) {
            assertThat(guide)
                    .as("docs/writing-an-adapter.md has a row for " + type.getName())
                    .contains("| `" + type.getSimpleName() + "` |");
        }
    }
}
