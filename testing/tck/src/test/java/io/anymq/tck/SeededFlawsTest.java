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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    private static final Path UNIT_TESTS = Path.of("../../mq-api/src/test/java/io/anymq/internal");

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

    /** Rules that no adapter can break: what a defect of the engine fails beside the rule itself. */
    private static final Map<String, String> ENGINE_ALONE = new TreeMap<>(Map.of(
            "CFG-9", "config/ConfigModulesTest#aModulesMistakesAreToldWithAllOthersAndNameTheNearestKey",
            "CFG-10", "config/ConfigModulesTest#aModuleThatThrowsOrReturnsNullIsNamedWithTheCure",
            "CFG-11", "config/ConfigMistakesTest#aMissingAdapterIsToldHowToGet",
            "HKS-2", "receive/policy/DeadLetterLayerTest#whatIsDiscardedIsSettledAndKeptNowhere",
            "HKS-4", "InterceptorsTest#aBatchIsSurroundedOnceAndEachOfItsMessagesWhenItIsRepeated",
            "HKS-5", "InterceptorsTest#whatIsThrownAfterTheHandlerFailsTheAttemptAndItsOutputsAreNotSent",
            "HKS-6", "InterceptorsTest#aSendThatAnInterceptorDoesNotPassOnIsRejectedAndNamesIt",
            "HKS-9", "ForwardInterceptorsTest#deadLettersAndRedrivesAreSurroundedAndCarryTheHeadersThatWereAdded",
            "LIF-15", "receive/policy/DeadLetterLayerTest#stopKeepsTheMessageAndEndsTheConsumer",
            "NAM-6", "config/ConfigMistakesTest#theAdapterJudgesPhysicalNames"));

    private static Path unitTest(String test) {
        return UNIT_TESTS.resolve(test.substring(0, test.indexOf('#')) + ".java");
    }

    @Test
    void whatNoAdapterCanBreakHasAUnitTest() {
        assertThat(ENGINE_ALONE.values())
                .allSatisfy(test -> assertThat(unitTest(test)).content().contains(" void " + test.split("#")[1] + "("));
    }

    /** {@code -Dtck.write=true} writes the table at the end of docs/tck.md instead of comparing it. */
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
        table.append("\n### Rules of the engine alone\n\n");
        table.append(
                "No defect of the embedded broker's adapter breaks these: its broker can hold any name (NAM-6), and an\n");
        table.append(
                "adapter takes no part in the others. A defect of the engine fails a unit test of `mq-api`, too.\n\n");
        table.append("| Rule | Unit test |\n|---|---|\n");
        ENGINE_ALONE.forEach((rule, test) -> table.append("| ")
                .append(rule)
                .append(" | `")
                .append(test.substring(test.lastIndexOf('/') + 1))
                .append("` |\n"));
        String document = Files.readString(DOCUMENT);
        String before = document.substring(0, document.indexOf("| Flaw |"));
        if (Boolean.getBoolean("tck.write")) {
            Files.writeString(DOCUMENT, before + table);
        }
        assertThat(DOCUMENT).content().isEqualTo(before + table);
    }
}
