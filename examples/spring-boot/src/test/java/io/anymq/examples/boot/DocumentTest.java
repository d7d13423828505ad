package io.anymq.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the page on Spring Boot the same as what the build compiles and runs. */
class DocumentTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void thePageShowsWhatIsRun() throws Exception {
        StringBuilder run = new StringBuilder();
        try (Stream<Path> sources = Files.list(Path.of("src/test/java/io/anymq/examples/boot/minutes"))) {
            for (Path source : sources.toList()) {
                run.append(squeeze(Files.readString(source)));
            }
        }
        List<String> shown = JAVA.matcher(Files.readString(ROOT.resolve("docs/spring-boot.md")))
                .results()
                .map(block -> squeeze(block.group(1)))
                .toList();

        assertThat(shown).hasSize(3).allSatisfy(block -> assertThat(run).contains(block));
    }

    /** Line breaks and indentation are the formatter's affair. */
    private static String squeeze(String code) {
        return code.replaceAll("\\s+", "");
    }
}
