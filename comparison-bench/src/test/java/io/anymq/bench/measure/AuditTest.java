package io.anymq.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.FaultyArm.Fault;
import io.anymq.bench.result.HistoryCheck;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.Durability;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broken promise voids its run. */
class AuditTest {
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
    void anArmThatKeepsItsPromisesIsFollowedFromSendToHandler() throws Exception {
        RunResult result = run(Fault.NONE);
        HistoryCheck history = Objects.requireNonNull(result.history());
        assertThat(result.incorrect()).isFalse();
        assertThat(history.violations()).isEmpty();
        assertThat(history.proven()).contains("I1", "I2", "I4", "I5", "I6", "I14");
        assertThat(history.messages()).isEqualTo(result.messages().sent());
        assertThat(history.everything()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"LOSE, I1", "REORDER, I5", "REPEAT, I14", "DAMAGE, I2"})
    @Timeout(60)
    void aFlawVoidsTheRunAndSaysSo(Fault fault, String invariant) throws Exception {
        RunResult result = run(fault);
        HistoryCheck history = Objects.requireNonNull(result.history());
        assertThat(history.violations()).anyMatch(sentence -> sentence.startsWith(invariant));
        assertThat(result.counts()).isFalse();
        assertThat(result.reason()).isNotBlank();
        assertThat(result.incorrect()).isTrue();
    }

    @Test
    void followsTheFirstMessagesAndThenAFewKeysUpToABound() {
        Audit audit = new Audit(true);
        assertThat(audit.admits(999, Audit.FIRST - 1)).isTrue();
        assertThat(audit.admits(999, Audit.FIRST)).isFalse();
        long last = 0;
        for (long sequence = Audit.FIRST; audit.admits(0, sequence); sequence++) {
            last = sequence;
        }
        assertThat(audit.has(0, last)).isTrue();
        assertThat(audit.has(0, last + 1)).isFalse();
        assertThat(audit.admits(1, last + 2)).isFalse();
    }
}
