package io.anymq.bench.theory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.result.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On the embedded broker: the trouble is to be seen, and its cure. */
class DemonstrationsTest {
    private static Outcome run(String name, int variant) throws Exception {
        Demonstration demonstration = Demonstrations.named(name);
        ArmContext context = new ArmContext(
                "inmemory:theory-" + name + variant, "", "t-" + name + variant, 4, 1_000, Map.of(), Map.of());
        try (Stage stage = new Stage(context, () -> {})) {
            return demonstration.run(demonstration.variants().get(variant), stage);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "key-order, messages out of order",
        "race, lost updates",
        "duplicates, payments made twice",
        "poison, good messages still stuck behind it",
        "failure-isolation, orders that failed"
    })
    @Timeout(120)
    void theTroubleIsThereWithoutAndGoneWith(String name, String finding) throws Exception {
        Outcome without = run(name, 0);
        Outcome with = run(name, 1);
        assertThat(without.findings().get(finding)).isPositive();
        assertThat(with.findings().get(finding)).isZero();
        assertThat(without.flaw()).isNull();
        assertThat(with.flaw()).isNull();
    }

    @Test
    @Timeout(60)
    void newSubscribersGetWhatComesAfterThem() throws Exception {
        Outcome outcome = run("fan-out", 1);
        assertThat(outcome.findings())
                .containsEntry("messages that the first one got", 200.0)
                .containsEntry("messages that each new one got", 100.0);
        assertThat(outcome.flaw()).isNull();
    }

    @Test
    @Timeout(60)
    void aBurstWaitsAndIsWorkedOff() throws Exception {
        Outcome outcome = run("peak-shaving", 1);
        assertThat(outcome.findings().get("most that waited")).isGreaterThan(100);
        assertThat(outcome.handled()).isEqualTo(outcome.confirmed()).isEqualTo(outcome.sent());
        assertThat(outcome.timeline()).hasSizeGreaterThan(50);
    }
}
