package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The two rings: sends without an outcome, and deliveries without an acknowledgement. */
class WindowsTest {
    private static List<String> acked(AckWindow<String> window, boolean all) {
        List<String> told = new ArrayList<>();
        AckWindow.Acks<RuntimeException> acks = (tag, multiple) -> told.add(tag + (multiple ? "+" : ""));
        if (all) {
            window.flushAll(acks);
        } else {
            window.flushPrefix(acks);
        }
        return told;
    }

    @Test
    void whatIsDoneWithoutAGapGoesAsOne() {
        AckWindow<String> window = new AckWindow<>();
        for (long tag = 1; tag <= 6; tag++) {
            window.add(tag, "m" + tag);
        }
        window.done(1);
        window.done(2);
        window.done(4);
        assertThat(acked(window, false)).containsExactly("2+");
        assertThat(window.waiting()).isEqualTo(1);
        assertThat(window.open()).containsExactly("m3", "m5", "m6");
        assertThat(acked(window, true)).containsExactly("4");
        window.done(4);
        window.done(3);
        // 4 has been told, so the server no longer knows it, and 3 is the last that can be named.
        assertThat(acked(window, false)).containsExactly("3+");
        window.done(5);
        window.done(6);
        assertThat(acked(window, true)).containsExactly("6+");
        assertThat(window.open()).isEmpty();
    }

    @Test
    void everyTagIsToldOnceWhateverTheOrder() {
        Random random = new Random(7);
        AckWindow<Long> window = new AckWindow<>();
        TreeSet<Long> unacked = new TreeSet<>();
        List<Long> open = new ArrayList<>();
        long next = 1;
        for (int step = 0; step < 20_000; step++) {
            if (open.size() < 700 && random.nextInt(3) > 0) {
                window.add(next, next);
                unacked.add(next);
                open.add(next++);
            } else if (!open.isEmpty()) {
                window.done(open.remove(random.nextInt(open.size())));
            }
            if (random.nextInt(50) == 0) {
                AckWindow.Acks<RuntimeException> server = (tag, multiple) -> {
                    assertThat(unacked).contains(tag);
                    if (multiple) {
                        assertThat(open).noneMatch(each -> each <= tag);
                        unacked.headSet(tag, true).clear();
                    } else {
                        assertThat(open).doesNotContain(tag);
                        unacked.remove(tag);
                    }
                };
                if (random.nextBoolean()) {
                    window.flushAll(server);
                    assertThat(unacked).containsExactlyElementsOf(new TreeSet<>(open));
                } else {
                    window.flushPrefix(server);
                }
                assertThat(window.open()).containsExactlyElementsOf(new TreeSet<>(open));
            }
        }
    }

    @Test
    void confirmsComeSinglyAndTogether() {
        ConfirmWindow<String> window = new ConfirmWindow<>(1);
        for (int i = 1; i <= 100; i++) {
            window.add(i, "m" + i);
        }
        assertThat(window.remove(3, false)).containsExactly("m3");
        assertThat(window.remove(3, false)).isEmpty();
        assertThat(window.remove(5, true)).containsExactly("m1", "m2", "m4", "m5");
        assertThat(window.remove(4, true)).isEmpty();
        assertThat(window.remove(101, true)).isEmpty();
        assertThat(window.find("m7"::equals)).isEqualTo("m7");
        assertThat(window.removeWhile(each -> each.length() == 2)).containsExactly("m6", "m7", "m8", "m9");
        assertThat(window.removeAll()).hasSize(91);
        assertThat(window.isEmpty()).isTrue();
        assertThatThrownBy(() -> window.add(200, "gap")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void slotsAndLanesAgree() {
        for (int lanes = 1; lanes <= Slots.COUNT; lanes *= 2) {
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                int lane = Slots.lane(slot, lanes);
                String pattern = Slots.bindingKey(lane, lanes);
                String prefix = pattern.substring(0, pattern.length() - 1);
                assertThat(Slots.routingKey(slot) + ".").startsWith(prefix);
            }
        }
        assertThat(Slots.of("customer-7")).isEqualTo(Slots.of("customer-7")).isBetween(0, 255);
    }
}
