package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContiguousOffsetsTest {
    private final ContiguousOffsets offsets = new ContiguousOffsets();

    @Test
    void nothingTakenNothingToCommit() {
        assertThat(offsets.committable()).isEqualTo(-1);
    }

    @Test
    void aTakenRecordHoldsTheCommitAtItself() {
        offsets.add(7);
        assertThat(offsets.committable()).isEqualTo(7);
    }

    @Test
    void onlyTheContiguousPrefixIsCommittable() {
        long first = offsets.add(10);
        long second = offsets.add(11);
        long third = offsets.add(12);
        offsets.complete(third);
        assertThat(offsets.committable()).isEqualTo(10);
        offsets.complete(first);
        assertThat(offsets.committable()).isEqualTo(11);
        offsets.complete(second);
        assertThat(offsets.committable()).isEqualTo(13);
    }

    @Test
    void holesBetweenOffsetsAreStepped() {
        long first = offsets.add(5);
        long second = offsets.add(90);
        offsets.complete(first);
        assertThat(offsets.committable()).isEqualTo(90);
        offsets.complete(second);
        assertThat(offsets.committable()).isEqualTo(91);
    }

    @Test
    void completingTwiceChangesNothing() {
        long first = offsets.add(0);
        offsets.add(1);
        offsets.complete(first);
        offsets.complete(first);
        offsets.complete(99);
        assertThat(offsets.committable()).isEqualTo(1);
        assertThat(offsets.span()).isEqualTo(1);
    }

    @Test
    void whatIsNoRecordIsPassed() {
        ContiguousOffsets offsets = new ContiguousOffsets();
        assertThat(offsets.pass(3)).as("something to commit").isTrue();
        assertThat(offsets.committable()).isEqualTo(3);
        long one = offsets.add(3);
        assertThat(offsets.pass(9)).as("something to commit").isFalse();
        assertThat(offsets.committable()).isEqualTo(3);
        offsets.complete(one);
        assertThat(offsets.committable()).isEqualTo(9);
        assertThat(offsets.pass(8)).isFalse();
        assertThat(offsets.pass(9)).isFalse();
        assertThat(offsets.committable()).isEqualTo(9);
    }

    @Test
    void tellsTheFirstRangesDoneBehindAStuckRecord() {
        long stuck = offsets.add(10);
        for (int offset = 11; offset < 1_011; offset++) {
            long number = offsets.add(offset);
            if (offset % 100 != 50) {
                offsets.complete(number);
            }
        }
        assertThat(offsets.doneAhead(3)).hasToString("11+39,51+99,151+99");
        assertThat(offsets.doneAhead(Integer.MAX_VALUE).last()).isEqualTo(1_010);
        offsets.complete(stuck);
        assertThat(offsets.committable()).isEqualTo(50);
        assertThat(offsets.doneAhead(1)).hasToString("51+99");
    }

    /** Against a sorted map of what is open, over random histories with holes, growth and repeated completions. */
    @Test
    void agreesWithANaiveModel() {
        long seed = System.nanoTime();
        System.out.println("ContiguousOffsetsTest seed " + seed);
        Random random = new Random(seed);
        for (int history = 0; history < 200; history++) {
            ContiguousOffsets subject = new ContiguousOffsets();
            TreeMap<Long, Long> open = new TreeMap<>();
            TreeMap<Long, Long> taken = new TreeMap<>();
            List<Long> numbers = new ArrayList<>();
            long offset = random.nextInt(1_000);
            long next = -1;
            int bias = 1 + random.nextInt(9);
            for (int step = 0; step < 1_000; step++) {
                if (random.nextInt(10) < bias) {
                    offset += 1 + (random.nextInt(5) == 0 ? random.nextInt(50) : 0);
                    long number = subject.add(offset);
                    open.put(number, offset);
                    taken.put(number, offset);
                    numbers.add(number);
                    next = offset + 1;
                } else if (!numbers.isEmpty()) {
                    long number = numbers.get(random.nextInt(numbers.size()));
                    subject.complete(number);
                    open.remove(number);
                }
                long expected = open.isEmpty() ? next : open.firstEntry().getValue();
                assertThat(subject.committable())
                        .as("seed %d, history %d, step %d", seed, history, step)
                        .isEqualTo(expected);
            }
            OffsetRanges ahead = subject.doneAhead(Integer.MAX_VALUE);
            taken.forEach((number, at) -> assertThat(ahead.contains(at))
                    .as("seed %d, offset %d of %s", seed, at, ahead)
                    .isEqualTo(!open.containsKey(number) && at > subject.committable()));
        }
    }
}
