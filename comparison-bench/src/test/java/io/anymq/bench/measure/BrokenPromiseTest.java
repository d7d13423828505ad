package io.anymq.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.FaultyArm.Fault;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.Durability;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broken promise voids its run. */
class BrokenPromiseTest {
    private static RunResult run(Fault fault) throws Exception {
        RunSpec spec = new RunSpec(
                new RunResult.Run("r001", "inmemory", "raw", "latency", Map.of()),
                new Load.Open(1_000),
                new WarmUp(100, 100),
                400,
                128,
                // One key: any change of places is out of order.
                1,
                7,
                Durability.PROCESS,
                new ArmContext("", "", "audit", 1, 1_000, Map.of(), Map.of(), Policy.DEFAULT));
        FaultyArm arm = new FaultyArm(fault);
        OpenArm open = new OpenArm(arm);
        try {
            return new Measurement(spec, open, spec.warmUp()).run();
        } finally {
            arm.close();
        }
    }

    @Test
    @Timeout(60)
    void anArmThatKeepsItsPromisesCounts() throws Exception {
        RunResult result = run(Fault.NONE);

        assertThat(result.messages().violation()).isNull();
        assertThat(result.incorrect()).isFalse();
        assertThat(result.messages().received())
                .isPositive()
                .isEqualTo(result.messages().sent());
    }

    @ParameterizedTest
    @CsvSource({"LOSE, lost", "REORDER, out of order", "REPEAT, duplicate", "DAMAGE, foreign or damaged"})
    @Timeout(60)
    void aFlawVoidsTheRunAndSaysSo(Fault fault, String violation) throws Exception {
        RunResult result = run(fault);

        assertThat(result.messages().violation()).contains(violation);
        assertThat(result.reason()).isEqualTo(result.messages().violation());
        assertThat(result.incorrect()).isTrue();
    }
}
