package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfirmWindowTest {
    private final ConfirmWindow<String> window = new ConfirmWindow<>(1);

    private void add(int count) {
        for (int i = 1; i <= count; i++) {
            window.add("m" + i, Integer.MAX_VALUE);
        }
    }

    @Test
    void theOldestIsToldFromACrowdOn() {
        for (int i = 1; i <= 100; i++) {
            assertThat(window.add("m" + i, 50)).isEqualTo(i < 50 ? null : "m1");
        }
    }

    @Test
    void confirmsComeSinglyAndTogether() {
        add(100);
        assertThat(window.remove(3, false)).containsExactly("m3");
        assertThat(window.remove(3, false)).isEmpty();
        assertThat(window.remove(5, true)).containsExactly("m1", "m2", "m4", "m5");
        assertThat(window.remove(4, true)).isEmpty();
        assertThat(window.remove(101, true)).isEmpty();
        assertThat(window.removeAll()).hasSize(95);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void theOldestAreTakenOutWhileAConditionHolds() {
        add(12);
        assertThat(window.removeWhile(each -> each.length() == 2)).hasSize(9).startsWith("m1");
        assertThat(window.find(each -> each.endsWith("1"))).isEqualTo("m11");
        assertThat(window.find("m1"::equals)).isNull();
    }
}
