package io.anymq.bench.arm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContiguousOffsetsTest {
    @Test
    void gapHoldsBackWhatIsBehindIt() {
        ContiguousOffsets offsets = new ContiguousOffsets(40);
        assertThat(offsets.committable()).isEqualTo(40);
        offsets.done(41);
        assertThat(offsets.committable()).isEqualTo(40);
        offsets.done(40);
        assertThat(offsets.committable()).isEqualTo(42);
    }

    @Test
    void longRunsKeepTheirPlace() {
        ContiguousOffsets offsets = new ContiguousOffsets(7);
        for (long offset = 7; offset < 100_000; offset++) {
            if (offset != 60_000) {
                offsets.done(offset);
            }
            if (offset % 1_000 == 0) {
                assertThat(offsets.committable()).isEqualTo(Math.min(offset + 1, 60_000));
            }
        }
        offsets.done(60_000);
        assertThat(offsets.committable()).isEqualTo(100_000);
        offsets.done(100_000);
        assertThat(offsets.committable()).isEqualTo(100_001);
    }
}
