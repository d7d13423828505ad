package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.policy.Ordering;
import org.junit.jupiter.api.Test;

/** The gaps of a producer. */
class OrderGuardTest {
    private final OrderGuard guard = new OrderGuard(Ordering.PER_KEY);

    @Test
    void aFailureBlocksItsKeyUntilThatIsResumed() {
        assertThat(guard.blocks("a")).isFalse();
        guard.failed("a");
        guard.failed("b");
        assertThat(guard.blocks("a")).isTrue();
        assertThat(guard.blocks("c")).isFalse();
        assertThat(guard.blocks(null)).isFalse();
        assertThat(guard.blockedKeys()).containsExactlyInAnyOrder("a", "b");
        assertThat(guard.blocksAll()).isFalse();
        guard.resume("a");
        assertThat(guard.blocks("a")).isFalse();
        assertThat(guard.blocks("b")).isTrue();
        guard.resume();
        assertThat(guard.blocks("b")).isFalse();
        assertThat(guard.blockedKeys()).isEmpty();
    }

    @Test
    void withoutAKeyOrWithoutAnOrderThereIsNoGap() {
        guard.failed(null);
        assertThat(guard.blocks(null)).isFalse();
        assertThat(guard.blockedKeys()).isEmpty();
        OrderGuard unordered = new OrderGuard(Ordering.UNORDERED);
        unordered.failed("a");
        assertThat(unordered.blocks("a")).isFalse();
        assertThat(unordered.blocksAll()).isFalse();
    }

    @Test
    void inTotalOrderTheDestinationIsOneKey() {
        OrderGuard total = new OrderGuard(Ordering.TOTAL);
        assertThat(total.blocksAll()).isTrue();
        assertThat(total.blocks("a")).isFalse();
        total.failed("a");
        assertThat(total.blocks("b")).isTrue();
        assertThat(total.blocks(null)).isTrue();
        total.resume();
        assertThat(total.blocks("a")).isFalse();
    }

    @Test
    void withMoreGapsThanItRemembersEveryKeyIsBlocked() {
        for (int i = 0; i < OrderGuard.MOST_KEYS; i++) {
            guard.failed("k" + i);
        }
        guard.failed("k0");
        assertThat(guard.blocksAll())
                .as("as many as it remembers, one of them twice")
                .isFalse();
        assertThat(guard.blocks("other")).isFalse();
        guard.failed("one more");
        assertThat(guard.blockedKeys()).hasSize(OrderGuard.MOST_KEYS);
        assertThat(guard.blocksAll()).isTrue();
        assertThat(guard.blocks("other")).isTrue();
        for (int i = 0; i < OrderGuard.MOST_KEYS; i++) {
            guard.resume("k" + i);
        }
        assertThat(guard.blocks("one more"))
                .as("which one is not known any more")
                .isTrue();
        guard.resume();
        assertThat(guard.blocks("one more")).isFalse();
        assertThat(guard.blocksAll()).isFalse();
    }
}
