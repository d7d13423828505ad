package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerMarkTest {
    private static OwnerMark read(String metadata) {
        return OwnerMark.of(100, metadata);
    }

    private static OwnerMark again(OwnerMark mark) {
        return OwnerMark.of(mark.offset(), mark.text());
    }

    @Test
    void everyStateIsReadAsItWasWritten() {
        assertThat(again(new OwnerMark(100, false, 0, new OffsetRanges())))
                .matches(
                        mark -> !mark.open() && mark.tries() == 0 && mark.done().isEmpty());
        assertThat(again(new OwnerMark(100, true, 0, new OffsetRanges())))
                .matches(mark -> mark.open() && mark.tries() == 0);
        assertThat(again(new OwnerMark(100, true, 7, new OffsetRanges())))
                .matches(mark -> mark.open() && mark.tries() == 7);
    }

    @Test
    void whatIsDoneBehindTheOffsetIsKept() {
        OffsetRanges done = new OffsetRanges();
        done.add(102, 103);
        done.add(110, 110);
        OwnerMark mark = new OwnerMark(100, false, 0, done);
        assertThat(mark.text()).isEqualTo("anymq:clean;done=2+2,10+1");
        assertThat(again(mark).done().toString()).isEqualTo(done.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "by hand",
                "anymq:",
                "anymq:try=",
                "anymq:try=x",
                "anymq:try=-3",
                "other;done=1+4",
                "anymq:clean;done=",
                "anymq:clean;done=0+4",
                "anymq:clean;done=x+1",
                "anymq:clean;done=3",
                "anymq:clean;done=3+-1"
            })
    void whatOthersWroteIsACleanEnd(String metadata) {
        OwnerMark mark = read(metadata);
        assertThat(mark.open()).isFalse();
        assertThat(mark.tries()).isZero();
        assertThat(mark.done().isEmpty()).isTrue();
    }

    @Test
    void aDamagedEndLosesOnlyItself() {
        assertThat(read("anymq:open;done=1+2,9+3,4+1").done().toString()).isEqualTo("101+2,109+3");
    }

    /** Against a set of offsets, over random histories of a tracker whose records are done in any order. */
    @Test
    void tellsWhatATrackerHasDone() {
        long seed = System.nanoTime();
        System.out.println("OwnerMarkTest seed " + seed);
        Random random = new Random(seed);
        for (int history = 0; history < 300; history++) {
            ContiguousOffsets offsets = new ContiguousOffsets();
            TreeSet<Long> done = new TreeSet<>();
            TreeSet<Long> taken = new TreeSet<>();
            long offset = random.nextInt(50);
            int size = 1 + random.nextInt(200);
            int share = random.nextInt(101);
            for (int i = 0; i < size; i++) {
                offset += 1 + (random.nextInt(6) == 0 ? random.nextInt(9) : 0);
                long number = offsets.add(offset);
                taken.add(offset);
                if (random.nextInt(100) < share) {
                    done.add(offset);
                    offsets.complete(number);
                }
            }
            OwnerMark left = new OwnerMark(offsets.committable(), false, 0, offsets.doneAhead(Integer.MAX_VALUE));
            OffsetRanges read = OwnerMark.of(left.offset(), left.text()).done();
            for (long each : taken) {
                assertThat(each < left.offset() || read.contains(each))
                        .as("seed %d, history %d, offset %d of %s", seed, history, each, left)
                        .isEqualTo(done.contains(each));
            }
        }
    }

    @Test
    void noMoreIsWrittenThanABrokerTakes() {
        OffsetRanges done = new OffsetRanges();
        for (long offset = 1; offset < 20_000; offset += 2) {
            done.add(offset, offset);
        }
        OwnerMark left = new OwnerMark(0, true, 1_000_000, done);
        assertThat(left.text()).hasSizeLessThan(3_100);
        OffsetRanges read = OwnerMark.of(left.offset(), left.text()).done();
        assertThat(read.contains(1)).isTrue();
        assertThat(read.contains(2)).isFalse();
        assertThat(read.last()).isBetween(500L, 2_000L);
    }

    @Test
    void roomForMoreMeansThatAHundredMoreAreReadAgain() {
        long base = 1_000_000;
        OffsetRanges done = new OffsetRanges();
        long next = base + 5;
        while (OwnerMark.hasRoomForMore(done, base)) {
            done.add(next, next);
            next += 7;
        }
        for (int i = 0; i < 100; i++) {
            done.add(next, next + 9);
            next += 12;
        }
        OwnerMark read = OwnerMark.of(base, new OwnerMark(base, false, 0, done).text());
        assertThat(read.done().toString()).isEqualTo(done.toString());
    }
}
