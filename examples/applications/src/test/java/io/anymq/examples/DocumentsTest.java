package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.anymq.MessagingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps what the documents show the same as what the build compiles and runs. */
class DocumentsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern SETTING = Pattern.compile("\\| `(anymq\\.[a-z.-]+)` \\| `([^`]+)` \\|");

    @Test
    void readmeShowsHelloWorld() {
        String source = read("examples/applications/src/main/java/io/anymq/examples/hello/HelloWorld.java");
        String shown = source.substring(source.indexOf("public class"))
                .replaceAll("(?m)^ *(/\\*)?\\*.*\n", "")
                .strip();

        assertThat(blocks("README.md")).containsExactly(shown);
    }

    @Test
    void helloWorldIsSmall() {
        String shown = blocks("README.md").get(0);
        long statements = Pattern.compile(";|try \\(").matcher(shown).results().count();

        assertThat(shown.lines()).hasSizeLessThanOrEqualTo(15);
        assertThat(statements).isLessThanOrEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({
        "docs/getting-started.md, GettingStartedTest, 10",
        "docs/testing.md, TestingTest, 5",
        "docs/dead-letters.md, DeadLettersTest, 5"
    })
    void guidesShowWhatIsRun(String document, String test, int blocks) {
        String run = squeeze(read("examples/applications/src/test/java/io/anymq/examples/" + test + ".java"));
        List<String> shown = blocks(document);

        assertThat(shown)
                .hasSizeGreaterThanOrEqualTo(blocks)
                .allSatisfy(block -> assertThat(run).contains(squeeze(block)));
    }

    @Test
    void theWalkToExistingServicesShowsWhatIsRun() {
        String source = read("examples/applications/src/main/java/io/anymq/examples/existing/Billing.java");
        String shown = source.substring(source.indexOf("public final class"))
                .replaceAll("(?m)^ *(/\\*)?\\*.*\n", "")
                .strip();

        assertThat(blocks("docs/existing-services.md")).containsExactly(shown);
    }

    @Test
    void everyDocumentedSettingIsLegalWithItsDefault() {
        Map<String, String> settings = new TreeMap<>();
        SETTING.matcher(read("docs/getting-started.md"))
                .results()
                .forEach(row -> settings.put(row.group(1), row.group(2)));
        assertThat(settings).hasSizeGreaterThan(20);

        MessagingClient.Builder builder = MessagingClient.builder();
        settings.forEach(builder::set);
        assertThatCode(() -> builder.open().close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "CHANGELOG.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "docs/getting-started.md",
                "docs/dead-letters.md",
                "docs/existing-services.md",
                "docs/spring-boot.md",
                "docs/coming-from-spring.md",
                "docs/logging.md",
                "docs/observability.md",
                "docs/testing.md"
            })
    void linksLeadSomewhere(String document) {
        Path folder = ROOT.resolve(document).getParent();
        List<String> dead = LINK.matcher(read(document))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !Files.exists(folder.resolve(link)))
                .toList();

        assertThat(dead).isEmpty();
    }

    private static List<String> blocks(String document) {
        List<String> blocks = new ArrayList<>();
        for (MatchResult block : JAVA.matcher(read(document)).results().toList()) {
            blocks.add(block.group(1).strip());
        }
        return blocks;
    }

    /** Line breaks and indentation are the formatter's affair. */
    private static String squeeze(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }
}
