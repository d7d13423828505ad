package io.anymq.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.Capabilities;
import io.anymq.tck.wrap.DirectAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConformanceReportTest {
    private static RuleResult result(String id, RuleResult.Status status, String detail) {
        return new RuleResult(id, "It MUST hold.", status, detail, null, Duration.ofMillis(7));
    }

    @Test
    void theSummarySaysWhyARuleFailedOrWasSkipped() {
        Capabilities capabilities = DirectAdapter.find("inmemory:", Map.of()).capabilities();
        String summary = new ConformanceReport(
                        "mine",
                        capabilities,
                        List.of(
                                result("SND-1", RuleResult.Status.PASSED, ""),
                                result("SND-2", RuleResult.Status.SKIPPED, "mine declares DELAY as UNSUPPORTED"),
                                result("SND-3", RuleResult.Status.FAILED, "SND-3: It MUST hold.\n  found: nothing")))
                .summary();
        assertThat(summary.lines().map(String::stripTrailing))
                .containsExactly(
                        "Conformance of mine: 1 rules passed, 1 failed, 1 skipped",
                        "  SND-1   PASSED       7 ms",
                        "  SND-2   SKIPPED      7 ms  (mine declares DELAY as UNSUPPORTED)",
                        "  SND-3   FAILED       7 ms",
                        "    SND-3: It MUST hold.",
                        "      found: nothing");
    }

    @Test
    void theRulesOfTheEngineAreCountedApart() {
        Capabilities capabilities = DirectAdapter.find("inmemory:", Map.of()).capabilities();
        ConformanceReport report = new ConformanceReport(
                "mine",
                capabilities,
                List.of(
                        result("SND-1", RuleResult.Status.PASSED, ""),
                        result("CHN-2", RuleResult.Status.ENGINE, "verified on the embedded broker")));
        assertThat(report.summary().lines().map(String::stripTrailing))
                .containsExactly(
                        "Conformance of mine: 1 rules passed, 0 failed, 0 skipped, 1 of the engine verified elsewhere",
                        "  SND-1   PASSED       7 ms",
                        "  CHN-2   ENGINE       7 ms  (verified on the embedded broker)");
        assertThat(report.json()).contains("\"passed\": 1", "\"engine\": 1");
    }
}
