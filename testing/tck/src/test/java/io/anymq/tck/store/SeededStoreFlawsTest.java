package io.anymq.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.anymq.tck.RuleResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule is worth what it catches: each defect must fail the rule that names it, and the sound store must pass all. */
class SeededStoreFlawsTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "writing-a-store.md");

    @ParameterizedTest
    @EnumSource(StoreFlaw.class)
    void flawIsCaught(StoreFlaw flaw) {
        RuleResult result = StoreTck.run(flaw.open(), flaw.rule());
        assertThat(result.status())
                .as("%s on a store that %s: %s", flaw.rule(), flaw.defect(), result.detail())
                .isEqualTo(RuleResult.Status.FAILED);
        assertThat(result.detail())
                .startsWith(flaw.rule() + ": " + result.sentence())
                .contains("\n  check: ", "\n  found: ");
    }

    @Test
    void soundStorePasses() {
        NaiveStore patient = new NaiveStore() {
            @Override
            public Duration patience() {
                return Duration.ofSeconds(20);
            }
        };
        assertThat(StoreTck.run(patient))
                .hasSameSizeAs(StoreTck.ruleIds())
                .allSatisfy(result ->
                        assertThat(result.status()).as(result.detail()).isEqualTo(RuleResult.Status.PASSED));
    }

    @Test
    void everyRuleHasAFlaw() {
        assertThat(Arrays.stream(StoreFlaw.values()).map(StoreFlaw::rule).distinct())
                .containsExactlyElementsOf(StoreTck.ruleIds());
    }

    @Test
    void aRuleThatTheKitDoesNotHaveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreTck.run(new NaiveStore(), "STO-99"))
                .withMessageContaining("STO-1");
    }

    /** {@code -Dtck.write=true} writes the table at the end of the document instead of comparing it. */
    @Test
    void tableIsUpToDate() throws IOException {
        StringBuilder table = new StringBuilder("| Flaw | The store … | Caught by |\n|---|---|---|\n");
        for (StoreFlaw flaw : StoreFlaw.values()) {
            table.append("| `").append(flaw).append("` | ").append(flaw.defect());
            table.append(" | ").append(flaw.rule()).append(" |\n");
        }
        String document = Files.readString(DOCUMENT);
        String before = document.substring(0, document.indexOf("| Flaw |"));
        if (Boolean.getBoolean("tck.write")) {
            Files.writeString(DOCUMENT, before + table);
        }
        assertThat(DOCUMENT).content().isEqualTo(before + table);
    }
}
