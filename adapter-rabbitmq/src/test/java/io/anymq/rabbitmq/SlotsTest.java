package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotsTest {
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
