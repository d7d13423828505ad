package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done behind the committed offset, and its text. */
class OffsetRangesTest {
    private static final long BASE = 100;

    private static OffsetRanges of(long... bounds) {
        OffsetRanges ranges = new OffsetRanges();
        for (int i = 0; i < bounds.length; i += 2) {
            ranges.add(bounds[i], bounds[i + 1]);
        }
        return ranges;
    }

    @Test
    void itContainsItsBoundsAndNothingBesideThem() {
        OffsetRanges ranges = of(102, 106, 109, 109);
        for (long inside : new long[] {102, 104, 106, 109}) {
            assertThat(ranges.contains(inside)).as("%d", inside).isTrue();
        }
        for (long outside : new long[] {0, 101, 107, 108, 110}) {
            assertThat(ranges.contains(outside)).as("%d", outside).isFalse();
        }
    }

    @Test
    void anEmptyOneContainsNothing() {
        OffsetRanges none = of();
        assertThat(none.isEmpty()).isTrue();
        assertThat(none.contains(0)).isFalse();
        assertThat(none.last()).isEqualTo(-1);
        assertThat(none.format(BASE, 100)).isEmpty();
        assertThat(of(3, 3).isEmpty()).isFalse();
    }

    @Test
    void theLastIsTheLargest() {
        assertThat(of(2, 6, 9, 12).last()).isEqualTo(12);
    }

    @Test
    void theTextIsRelativeAndCountsWhatIsInEachRange() {
        assertThat(of(102, 106, 109, 109).format(BASE, 100)).isEqualTo("2+5,9+1");
        assertThat(of(102, 106)).hasToString("102+5");
    }

    @ParameterizedTest
    @CsvSource({"7, '2+5,9+1'", "6, '2+5'", "3, '2+5'", "2, ''", "0, ''"})
    void rangesThatDoNotFitAreLeftOut(int room, String text) {
        assertThat(of(102, 106, 109, 109).format(BASE, room)).isEqualTo(text);
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        OffsetRanges read = OffsetRanges.parse("2+5,9+1,11+3", BASE);
        assertThat(read.format(BASE, 100)).isEqualTo("2+5,9+1,11+3");
        assertThat(read.contains(102)).isTrue();
        assertThat(read.contains(107)).isFalse();
        assertThat(read.last()).isEqualTo(113);
    }

    @Test
    void rangesThatAdjoinAreReadToo() {
        assertThat(OffsetRanges.parse("1+2,3+1", BASE).format(BASE, 100)).isEqualTo("1+2,3+1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2+5,x",
                "2+5,",
                "2+5,9",
                "2+5,+1",
                "2+5,9+",
                "2+5,9+0",
                "2+5,9+-1",
                "2+5,0+9",
                "2+5,-3+1",
                "2+5,6+1",
                "2+5,2+1",
                "2+5;9+1"
            })
    void readingEndsBeforeWhatIsNotLegible(String text) {
        String legible = text.startsWith("2+5,") ? "2+5" : "";
        assertThat(OffsetRanges.parse(text, BASE).format(BASE, 100)).isEqualTo(legible);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0+1", "-1+5", "1+0", "1", "+"})
    void whatIsNoRangeAtAllIsEmpty(String text) {
        assertThat(OffsetRanges.parse(text, BASE).isEmpty()).isTrue();
    }

    @Test
    void whatLiesAboveIsTakenOverFromTheOffsetOn() {
        OffsetRanges others = of(2, 6, 9, 12, 20, 21);
        OffsetRanges ranges = of();
        ranges.addAbove(others, 6);
        assertThat(ranges.format(0, 100)).isEqualTo("6+1,9+4,20+2");
        OffsetRanges cut = of(1, 3);
        cut.addAbove(others, 10);
        assertThat(cut.format(0, 100)).isEqualTo("1+3,10+3,20+2");
        OffsetRanges nothing = of(1, 3);
        nothing.addAbove(others, 22);
        assertThat(nothing.format(0, 100)).isEqualTo("1+3");
    }
}
