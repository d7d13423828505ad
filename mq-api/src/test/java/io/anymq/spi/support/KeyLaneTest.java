package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLaneTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 100, 256})
    void keysSpreadEvenly(int count) {
        int[] keys = new int[count];
        for (int i = 0; i < 1_000 * count; i++) {
            keys[KeyLane.of("customer-" + i, count)]++;
        }
        assertThat(Arrays.stream(keys).min().orElseThrow()).isGreaterThan(700);
        assertThat(Arrays.stream(keys).max().orElseThrow()).isLessThan(1_300);
    }

    /** Messages of a key would lose their order if another version chose another lane. */
    @Test
    void theChoiceNeverChanges() {
        assertThat(KeyLane.of("customer-7", 16)).isEqualTo(5);
        assertThat(KeyLane.of("", 16)).isZero();
        assertThat(KeyLane.of("ä", 16)).isEqualTo(14);
    }
}
