package io.anymq.bench.theory;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.SyntheticResults;
import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.arm.Policy;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.DemoContext.Crash;
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

    private static RunResult run(String name, int variant) throws Exception {
        Demonstration demonstration = Demonstrations.named(name);
        String url = "inmemory:theory-" + name + variant;
        ArmContext arm = new ArmContext(url, "", "t-" + name + variant, 4, 1_000, Map.of(), Map.of(), Policy.DEFAULT);
        DemoContext.Settings settings = new DemoContext.Settings(
                arm, NO_CRASH, () -> Brokers.named("inmemory").rawArm(), false, true);
        RunResult result = SyntheticResults.result("r1", "inmemory", "adapter", name, Map.of());
        return demonstration.run(demonstration.variants().get(variant), settings, result);
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
        RunResult without = run(name, 0);
        RunResult with = run(name, 1);
        assertThat(without.finding(finding)).isPositive();
        assertThat(with.finding(finding)).isZero();
        assertThat(without.reason()).isNull();
        assertThat(with.reason()).isNull();
    }

    @Test
    @Timeout(60)
    void newSubscribersGetWhatComesAfterThem() throws Exception {
        RunResult outcome = run("fan-out", 1);
        assertThat(outcome.findings())
                .containsEntry("messages the first subscriber got", 200.0)
                .containsEntry("messages each new subscriber got", 100.0);
        assertThat(outcome.reason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Timeout(60)
    void everyFreshConsumerHasItsFirstMessage(int variant) throws Exception {
        RunResult outcome = run("first-message", variant);
        assertThat(outcome.messages().received())
                .isEqualTo(outcome.messages().confirmed())
                .isEqualTo(3);
        assertThat(outcome.findings()).containsEntry(FirstMessage.ROUNDS, 3.0);
        assertThat(outcome.finding(FirstMessage.SLOWEST)).isBetween(0.0, 20_000.0);
    }

    @Test
    @Timeout(60)
    void aCallerThatPublishesReturnsSooner() throws Exception {
        RunResult outcome = run("async-response", 1);
        assertThat(outcome.finding("p50 in µs, calling the service")).isGreaterThanOrEqualTo(50_000);
        assertThat(outcome.finding("p50 in µs, publishing")).isPositive();
        assertThat(outcome.messages().received()).isEqualTo(outcome.messages().sent());
    }

    @Test
    @Timeout(60)
    void aBurstWaitsAndIsWorkedOff() throws Exception {
        RunResult outcome = run("peak-shaving", 1);
        assertThat(outcome.finding("largest backlog")).isGreaterThan(100);
        assertThat(outcome.messages().received())
                .isEqualTo(outcome.messages().confirmed())
                .isEqualTo(outcome.messages().sent());
        assertThat(outcome.timeline()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource({"key-order, 2", "key-order, 4", "duplicates, 3", "duplicates, 4", "fan-out, 2"})
    @Timeout(60)
    void furtherVariantsHold(String name, int variant) throws Exception {
        assertThat(run(name, variant).reason()).isNull();
    }

    @Test
    @Timeout(60)
    void whatASlowConsumerLeavesWaitsAndComesOut() throws Exception {
        RunResult outcome = run("slow-consumer", 2);
        assertThat(outcome.finding("confirmed and waiting at the end")).isGreaterThan(100);
        assertThat(outcome.messages().received()).isEqualTo(outcome.messages().confirmed());
    }

    @Test
    @Timeout(60)
    void moreConsumersHandleMore() throws Exception {
        RunResult one = run("scale-out", 0);
        RunResult four = run("scale-out", 2);
        assertThat(four.finding("messages per second")).isGreaterThan(2 * one.finding("messages per second"));
        assertThat(four.findings()).containsKey("longest pause in ms while one more joins");
    }
}
