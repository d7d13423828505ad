package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The acknowledgements of finished deliveries and their times. */
class AckWindowTest {
    private static final long START = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

    private static long after(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private final List<String> told = new ArrayList<>();

    private void tell(String first, String last, int count, boolean all) {
        told.add(first + "-" + last + " " + count + (all ? " all" : ""));
    }

    private AckWindow<String> window(int many, int messages) {
        AckWindow<String> window = new AckWindow<>(many);
        for (long number = 1; number <= messages; number++) {
            window.add(number, "m" + number);
        }
        return window;
    }

    private List<String> flush(AckWindow<String> window, long now) {
        told.clear();
        window.flush(now, this::tell);
        return told;
    }

    private List<String> flushAll(AckWindow<String> window) {
        told.clear();
        window.flushAll(this::tell);
        return told;
    }

    @Test
    void whatIsDoneWithoutAGapGoesAsOne() {
        AckWindow<String> window = window(100, 6);
        window.done(1);
        window.done(2);
        window.done(4);
        assertThat(flush(window, after(0))).containsExactly("m1-m2 2 all");
        assertThat(window.open()).containsExactly("m3", "m5", "m6");
        assertThat(flushAll(window)).containsExactly("m4-m4 1");
        window.done(4);
        window.done(3);
        // 4 has been told, so the server no longer knows it, and 3 is the last that can be named.
        assertThat(flush(window, after(10))).containsExactly("m3-m3 1 all");
        window.done(5);
        window.done(6);
        assertThat(flushAll(window)).containsExactly("m5-m6 2 all");
        assertThat(window.open()).isEmpty();
    }

    @Test
    void theFirstGoesAtOnceTheNextTogether() {
        AckWindow<String> window = window(100, 6);
        assertThat(window.nanosUntilDue(after(0))).isEqualTo(Long.MAX_VALUE);
        window.done(1);
        assertThat(window.nanosUntilDue(after(0))).isZero();
        assertThat(flush(window, after(0))).containsExactly("m1-m1 1 all");
        window.done(2);
        assertThat(flush(window, after(1))).isEmpty();
        assertThat(window.nanosUntilDue(after(1))).isEqualTo(TimeUnit.MILLISECONDS.toNanos(4));
        window.done(3);
        assertThat(flush(window, after(4))).isEmpty();
        assertThat(flush(window, after(5))).containsExactly("m2-m3 2 all");
    }

    @Test
    void manyDoNotWait() {
        AckWindow<String> window = window(2, 6);
        window.done(1);
        assertThat(flush(window, after(0))).hasSize(1);
        window.done(2);
        window.done(3);
        assertThat(flush(window, after(0))).isEmpty();
        window.done(4);
        assertThat(flush(window, after(0))).containsExactly("m2-m4 3 all");
    }

    @Test
    void aStragglerIsWaitedForOnlySoLong() {
        AckWindow<String> window = window(100, 6);
        window.done(2);
        window.done(3);
        window.done(5);
        assertThat(flush(window, after(0))).isEmpty();
        assertThat(flush(window, after(99))).isEmpty();
        assertThat(flush(window, after(100))).containsExactly("m2-m3 2", "m5-m5 1");
        window.done(1);
        assertThat(flush(window, after(101))).containsExactly("m1-m1 1 all");
    }

    @Test
    void whatTheServerKnowsIsNeitherToldNorCounted() {
        AckWindow<String> window = window(100, 4);
        window.told(2);
        window.done(1);
        window.done(3);
        assertThat(flush(window, after(0))).containsExactly("m1-m3 2 all");
        assertThat(window.open()).containsExactly("m4");
        window.told(4);
        assertThat(flush(window, after(10))).isEmpty();
    }

    @Test
    void everyDeliveryIsToldOnceWhateverTheOrder() {
        Random random = new Random(7);
        AckWindow<Long> window = new AckWindow<>(50);
        TreeSet<Long> untold = new TreeSet<>();
        TreeSet<Long> open = new TreeSet<>();
        List<Long> byAge = new ArrayList<>();
        long next = 1;
        for (int step = 0; step < 20_000; step++) {
            if (open.size() < 700 && random.nextInt(3) > 0) {
                window.add(next, next);
                untold.add(next);
                open.add(next);
                byAge.add(next++);
            } else if (!byAge.isEmpty()) {
                Long ended = byAge.remove(random.nextInt(byAge.size()));
                open.remove(ended);
                if (random.nextInt(10) == 0) {
                    window.told(ended);
                    untold.remove(ended);
                } else {
                    window.done(ended);
                }
            }
            if (random.nextInt(50) == 0) {
                AckWindow.Acks<Long, RuntimeException> server = (first, last, count, all) -> {
                    assertThat(open.subSet(all ? 0 : first, true, last, true)).isEmpty();
                    var range = untold.subSet(first, true, last, true);
                    assertThat(range).hasSize(count).contains(first, last);
                    range.clear();
                };
                if (random.nextBoolean()) {
                    window.flushAll(server);
                    assertThat(untold).isEqualTo(open);
                } else {
                    window.flush(after(step), server);
                }
                assertThat(window.open()).containsExactlyElementsOf(open);
            }
        }
    }
}
