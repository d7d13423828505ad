package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.bench.measure.Measurement;
import io.anymq.bench.result.RunResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparerTest {
    @Test
    void aPointWhoseGeneratorWasLateIsMeasuredOnceMore() {
        assertThat(Comparer.generatorWasLate(voided(Measurement.LATE_GENERATOR + ": p99 900 µs")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept up with 10 of 20 msg/s", "1 message lost", "its JVM ended"})
    void whatTheArmCanBeBlamedForGetsNoSecondChance(String reason) {
        assertThat(Comparer.generatorWasLate(voided(reason))).isFalse();
    }

    @Test
    void whatCountsIsNotRepeated() {
        assertThat(Comparer.generatorWasLate(voided(null))).isFalse();
    }

    private static RunResult voided(String reason) {
        return RunResult.of(new RunResult.Run("r001", "kafka", "adapter", "latency", Map.of()))
                .voided(reason);
    }
}
