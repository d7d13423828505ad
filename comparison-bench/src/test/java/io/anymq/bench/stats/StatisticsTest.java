package io.anymq.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.anymq.bench.stats.Interval.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void medianOfOddAndEvenNumbers() {
        assertThat(Statistics.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Statistics.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
        assertThatThrownBy(() -> Statistics.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sixValuesGiveSmallestToLargest() {
        Interval interval = Interval.ofMedian(List.of(5.0, 1.0, 4.0, 2.0, 6.0, 3.0));

        assertThat(interval.low()).isEqualTo(1);
        assertThat(interval.high()).isEqualTo(6);
        assertThat(interval.confidence()).isCloseTo(0.96875, within(1e-9));
        assertThat(interval.conclusive()).isTrue();
    }

    @Test
    void fiveValuesDecideNothing() {
        Interval interval = Interval.ofMedian(List.of(1.0, 2.0, 3.0, 4.0, 5.0));

        assertThat(interval.confidence()).isCloseTo(0.9375, within(1e-9));
        assertThat(interval.conclusive()).isFalse();
    }

    @Test
    void oneValueHasNoConfidence() {
        assertThat(Interval.ofMedian(List.of(1.0)).confidence()).isZero();
    }

    /** The textbook's table for the sign test: 3rd to 10th of 12 values, 96.1 %. */
    @Test
    void moreValuesLeaveOutTheExtremes() {
        List<Double> values = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            values.add((double) i);
        }
        Interval interval = Interval.ofMedian(values);

        assertThat(interval.low()).isEqualTo(3);
        assertThat(interval.high()).isEqualTo(10);
        assertThat(interval.confidence()).isCloseTo(0.9614, within(1e-4));
    }

    @Test
    void verdicts() {
        assertThat(verdict(1.1, 1.2, 1.1, 1.3, 1.1, 1.2)).isEqualTo(Verdict.FASTER);
        assertThat(verdict(0.9, 0.8, 0.9, 0.7, 0.9, 0.99)).isEqualTo(Verdict.SLOWER);
        assertThat(verdict(0.9, 1.1, 0.9, 1.2, 1.0, 0.99)).isEqualTo(Verdict.INDISTINGUISHABLE);
        assertThat(verdict(1.1, 1.2, 1.1, 1.3, 1.1)).isEqualTo(Verdict.INSUFFICIENT);
        Interval dearer = Interval.ofMedian(List.of(1.1, 1.2, 1.1, 1.3, 1.1, 1.2));
        assertThat(dearer.verdict(true)).isEqualTo(Verdict.SLOWER);
    }

    private static Verdict verdict(Double... ratios) {
        return Interval.ofMedian(List.of(ratios)).verdict(false);
    }
}
