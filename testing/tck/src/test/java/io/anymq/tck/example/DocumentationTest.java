package io.anymq.tck.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.tck.BrokerHarness;
import io.anymq.tck.RuleResult;
import io.anymq.tck.Tck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** docs/tck.md shows the example as it is, and the example works. */
class DocumentationTest {
    private static final Path FOLDER = Path.of("src", "test", "java", "io", "anymq", "tck", "example");

    @Test
    void documentShowsTheExample() throws Exception {
        String document = Files.readString(Path.of("..", "..", "docs", "tck.md"));
        for (String shown : List.of("ExampleHarness.java", "ExampleTck.java")) {
            String source = Files.readString(FOLDER.resolve(shown));
            String code = source.substring(source.indexOf("\n\n", source.indexOf("import ")) + 2);
            assertThat(document).contains("```java\n" + code + "```");
        }
    }

    @Test
    void exampleWorks() {
        Set<String> rules = Set.of("SND-1", "ORD-1", "DLQ-1", "REC-3", "REC-1");
        try (ExampleHarness harness = new ExampleHarness()) {
            var report = Tck.run(harness, rules::contains);
            assertThat(report.with(RuleResult.Status.PASSED))
                    .extracting(RuleResult::id)
                    .containsExactly("SND-1", "ORD-1", "DLQ-1", "REC-3");
            assertThat(report.with(RuleResult.Status.SKIPPED))
                    .as("rules for faults the example does not offer")
                    .extracting(RuleResult::id)
                    .containsExactly("REC-1");
        }
    }

    @Test
    void classToExtendGivesTheHarness() {
        try (BrokerHarness harness = new ExampleTck().harness()) {
            assertThat(harness.name()).isEqualTo("example");
        }
    }
}
