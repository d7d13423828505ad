package io.anymq.bench.theory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.arm.Policy;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.RunResult.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On the embedded broker: things go wrong without the policy, and do not with it. */
class DemonstrationsTest {
    private static final Crash NO_CRASH = new Crash() {
        @Override
        public void ready() {}

        @Override
        public void strike() {}
    };

    private static Outcome run(String name, int variant) throws Exception {
        Demonstration demonstration = Demonstrations.named(name);
        ArmContext context = new ArmContext(
                "inmemory:theory-" + name + variant,
                "",
                "t-" + name + variant,
                4,
                1_000,
                Map.of(),
                Map.of(),
                Policy.DEFAULT);
        DemoContext demo = new DemoContext(
                context, NO_CRASH, () -> Brokers.named("inmemory").rawArm(), false, true);
        Outcome outcome;
        try (demo) {
            outcome = demonstration.run(demonstration.variants().get(variant), demo);
        }
        return outcome;
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
    void whatGoesWrongWithoutThePolicyDoesNotWithIt(String name, String finding) throws Exception {
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
                .containsEntry("messages the first subscriber got", 200.0)
                .containsEntry("messages each new subscriber got", 100.0);
        assertThat(outcome.flaw()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Timeout(60)
    void everyFreshConsumerHasItsFirstMessage(int variant) throws Exception {
        Outcome outcome = run("first-message", variant);
        assertThat(outcome.handled()).isEqualTo(outcome.confirmed()).isEqualTo(3);
        assertThat(outcome.findings()).containsEntry(FirstMessage.ROUNDS, 3.0);
        assertThat(outcome.findings().get(FirstMessage.SLOWEST)).isBetween(0.0, 20_000.0);
    }

    @Test
    @Timeout(60)
    void aBurstWaitsAndIsWorkedOff() throws Exception {
        Outcome outcome = run("peak-shaving", 1);
        assertThat(outcome.findings().get("largest backlog")).isGreaterThan(100);
        assertThat(outcome.handled()).isEqualTo(outcome.confirmed()).isEqualTo(outcome.sent());
        assertThat(outcome.timeline()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource({"key-order, 2", "key-order, 4", "duplicates, 3", "duplicates, 4", "fan-out, 2"})
    @Timeout(60)
    void furtherVariantsHold(String name, int variant) throws Exception {
        assertThat(run(name, variant).flaw()).isNull();
    }

    @Test
    @Timeout(60)
    void whatASlowConsumerLeavesWaitsAndComesOut() throws Exception {
        Outcome outcome = run("slow-consumer", 2);
        assertThat(outcome.findings().get("confirmed and waiting at the end")).isGreaterThan(100);
        assertThat(outcome.handled()).isEqualTo(outcome.confirmed());
    }

    @Test
    @Timeout(60)
    void moreConsumersHandleMore() throws Exception {
        Outcome one = run("scale-out", 0);
        Outcome four = run("scale-out", 2);
        assertThat(four.findings().get("messages per second"))
                .isGreaterThan(2 * one.findings().get("messages per second"));
        assertThat(four.findings()).containsKey("longest pause in ms while one more joins");
    }
}
