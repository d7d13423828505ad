package io.anymq.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StolenTimeTest {
    @Test
    void isTheEighthFigureOfAllProcessors() {
        List<String> statistics = List.of(
                "cpu  7781925 162996 1350594 4140814 28734 0 93515 113175 0 0",
                "cpu0 3890962 81498 675297 2070407 14367 0 46757 56587 0 0");
        assertThat(StolenTime.of(statistics)).isEqualTo(1_131.75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cpu  1 2 3 4", "cpu 1 2 3 4 5 6 7 many", "intr 1 2 3 4 5 6 7 8 9"})
    void nothingIsMadeUp(String line) {
        assertThat(StolenTime.of(List.of(line))).isNull();
    }
}
