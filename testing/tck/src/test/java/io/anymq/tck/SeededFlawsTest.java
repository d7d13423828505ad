package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.Capability;
import io.anymq.spi.Support;
import io.anymq.tck.flaw.ConnectionFlaws;
import io.anymq.tck.flaw.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A rule is worth what it catches: each defect must fail the rule that names it, and the sound adapter must pass it.
 */
class SeededFlawsTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "tck.md");

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.anymq.tck.FlawRuns#all")
    void flawIsCaught(Flaw flaw, RuleResult result) {
        assertThat(result.status())
                .as("%s on an adapter that %s: %s", flaw.rule(), flaw.defect(), result.detail())
                .isEqualTo(RuleResult.Status.FAILED);
        assertThat(result.detail()).startsWith(flaw.rule() + ": " + result.sentence());
        assertThat(result.detail().contains("assertions hold, but its history violates"))
                .as("found by nothing but the history: %s", result.detail())
                .isEqualTo(flaw.isShownByHistory());
    }

    /** With the wrapper in place, so that it is the flaw that makes the difference and not the wrapping. */
    @Test
    void soundAdapterPasses() {
        Set<String> rules = Arrays.stream(Flaw.values()).map(Flaw::rule).collect(Collectors.toSet());
        try (BrokerHarness harness = new WrappedHarness("sound", connection -> connection, Duration.ofSeconds(8))) {
            ConformanceReport report = Tck.run(harness, rules::contains);
            assertThat(report.results()).hasSameSizeAs(rules);
            assertThat(report.with(RuleResult.Status.FAILED))
                    .extracting(RuleResult::detail)
                    .isEmpty();
            assertThat(report.with(RuleResult.Status.SKIPPED).stream().map(RuleResult::id))
                    .as("START_EARLIEST and ATOMIC_CHAINING are not there in memory")
                    .containsExactly("SUB-5", "CHN-6");
        }
    }

    @ParameterizedTest
    @CsvSource({"DELAY, CAP-2", "TOTAL_ORDER, CAP-3", "PER_KEY_ORDER, CAP-3", "TOPICS, CAP-4", "START_EARLIEST, CAP-4"})
    void undeclaredCapabilityIsRefused(Capability capability, String rule) {
        try (BrokerHarness harness = new WrappedHarness(
                "without-" + capability, ConnectionFlaws.declaring(capability, Support.UNSUPPORTED))) {
            RuleResult result = Tck.run(harness, rule::equals).result(rule).orElseThrow();
            assertThat(result.status()).as(result.detail()).isEqualTo(RuleResult.Status.PASSED);
        }
    }

    /** {@code -Dtck.write=true} writes the table of docs/tck.md instead of comparing it. */
    @Test
    void tableIsUpToDate() throws IOException {
        StringBuilder table = new StringBuilder();
        table.append("| Flaw | The adapter … | Caught by |\n|---|---|---|\n");
        for (Flaw flaw : Flaw.values()) {
            table.append("| `").append(flaw).append("` | ").append(flaw.defect());
            table.append(" | ")
                    .append(flaw.rule())
                    .append(flaw.isShownByHistory() ? ", by its history" : "")
                    .append(" |\n");
        }
        String document = Files.readString(DOCUMENT);
        String before = document.substring(0, document.indexOf("| Flaw |"));
        String after = document.substring(document.indexOf("\n### Rules of the engine"));
        if (Boolean.getBoolean("tck.write")) {
            Files.writeString(DOCUMENT, before + table + after);
        }
        assertThat(DOCUMENT).content().isEqualTo(before + table + after);
    }
}
