package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceMatrixTest {
    @TempDir
    Path folder;

    private static ConformanceReport report(String adapter, String skipped, String why) {
        Capabilities.Builder capabilities = Capabilities.builder();
        for (Capability capability : Capability.values()) {
            capabilities.with(capability, capability == Capability.DELAY ? Support.EMULATED : Support.NATIVE);
        }
        List<RuleResult> results = Specification.load().entries().stream()
                .filter(entry -> !entry.isForStores() && entry.untestable() == null)
                .map(entry -> new RuleResult(
                        entry.id(),
                        entry.sentence(),
                        entry.id().equals(skipped) ? RuleResult.Status.SKIPPED : RuleResult.Status.PASSED,
                        entry.id().equals(skipped) ? why : "",
                        null,
                        Duration.ofMillis(5)))
                .toList();
        return new ConformanceReport(adapter, capabilities.build(), results);
    }

    private String write(String... reports) throws IOException {
        Path document = folder.resolve("conformance.md");
        String[] arguments = new String[reports.length + 1];
        arguments[0] = document.toString();
        System.arraycopy(reports, 0, arguments, 1, reports.length);
        ConformanceMatrix.main(arguments);
        return Files.readString(document);
    }

    @Test
    void hasAColumnForEachReportAndKeepsThoseThatAreNotThere() throws IOException {
        String kafka = report("kafka", "SUB-5", "kafka declares START_EARLIEST as UNSUPPORTED")
                .write(folder)
                .toString();
        String memory = report("inmemory", "REC-3", "the harness for x cannot make the fault BROKER_DOWN")
                .write(folder)
                .toString();
        String both = write(kafka, memory);
        assertThat(both)
                .contains("| Capability | inmemory | kafka |")
                .contains("| DELAY | emulated | emulated |")
                .containsPattern("\\| SUB-5 \\| .* \\| ✓ \\| unsupported \\|")
                .containsPattern("\\| REC-3 \\| .* \\| not tried \\| ✓ \\|");
        assertThat(write(memory)).isEqualTo(both);
    }

    private static ConformanceReport withoutEngineRules(ConformanceReport whole) {
        Specification specification = Specification.load();
        return new ConformanceReport(
                whole.adapter(),
                whole.capabilities(),
                whole.results().stream()
                        .map(each ->
                                specification.entry(each.id()).orElseThrow().engineRule()
                                        ? new RuleResult(
                                                each.id(),
                                                each.sentence(),
                                                RuleResult.Status.ENGINE,
                                                "verified on the embedded broker",
                                                null,
                                                Duration.ZERO)
                                        : each)
                        .toList());
    }

    @Test
    void rulesOfTheEngineAreShownOnceForTheEmbeddedBroker() throws IOException {
        String kafka = withoutEngineRules(report("kafka", "", "")).write(folder).toString();
        String memory = report("inmemory", "", "").write(folder).toString();
        String both = write(kafka, memory);
        String adapters = both.substring(both.indexOf("## Rules\n"), both.indexOf("## Rules of the engine"));
        String engine = both.substring(both.indexOf("## Rules of the engine"), both.indexOf("## Not verified"));
        assertThat(adapters).containsPattern("\\| CHN-1 \\| .* \\| ✓ \\| ✓ \\|").doesNotContain("CHN-2");
        assertThat(engine)
                .contains("| Rule | What must hold | inmemory |\n")
                .containsPattern("\\| CHN-2 \\| .*\\. \\| ✓ \\|")
                .doesNotContain("CHN-1");
        assertThat(write(kafka)).as("the embedded broker's column is kept").isEqualTo(both);
    }

    @Test
    void theEmbeddedBrokerMustHaveRunTheRulesOfTheEngine() throws IOException {
        Path memory = withoutEngineRules(report("inmemory", "", "")).write(folder);
        assertThatThrownBy(() -> write(memory.toString())).hasMessageContaining("run all rules");
    }

    @Test
    void aPartialReportIsRefused() throws IOException {
        ConformanceReport whole = report("kafka", "", "");
        Path partial = new ConformanceReport(
                        "kafka", whole.capabilities(), whole.results().subList(0, 3))
                .write(folder);
        assertThatThrownBy(() -> write(partial.toString())).hasMessageContaining("-Dtck.rules");
    }

    @Test
    void thePageShowsEveryRuleAndEscapes() throws IOException {
        Path json = report("kafka", "SUB-5", "a <b> & c").write(folder);
        String page = Files.readString(json.resolveSibling("kafka.html"));
        assertThat(page)
                .contains("a &lt;b&gt; &amp; c", "<tr id=\"SUB-5\">", "EMULATED".toLowerCase(java.util.Locale.ROOT));
    }
}
