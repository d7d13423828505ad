package io.anymq.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static int[] draw(boolean zipf) {
        Keys keys = new Keys(new SplittableRandom(3), 1_000, zipf);
        int[] count = new int[1_000];
        for (int i = 0; i < 200_000; i++) {
            count[keys.next()]++;
        }
        return count;
    }

    @Test
    void uniformKeysAreEquallyFrequent() {
        for (int count : draw(false)) {
            assertThat(count).isBetween(100, 320);
        }
    }

    @Test
    void theSecondZipfKeyIsHalfAsFrequentAsTheFirst() {
        int[] count = draw(true);
        // 1 / (1 + 1/2 + … + 1/1000) of all
        assertThat(count[0]).isBetween(25_500, 28_000);
        assertThat((double) count[0] / count[1]).isBetween(1.9, 2.1);
        assertThat((double) count[0] / count[9]).isBetween(9.0, 11.0);
    }
}
