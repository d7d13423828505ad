package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ring of sends without an outcome, and the spreading of keys over lanes. */
class WindowsTest {
    @Test
    void confirmsComeSinglyAndTogether() {
        ConfirmWindow<String> window = new ConfirmWindow<>(1);
        for (int i = 1; i <= 100; i++) {
            assertThat(window.add("m" + i, 50)).isEqualTo(i < 50 ? null : "m1");
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
