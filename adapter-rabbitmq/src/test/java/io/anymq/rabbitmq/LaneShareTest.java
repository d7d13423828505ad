package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneShareTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LaneShare share = new LaneShare();

    @Test
    void handsOverWhatIsMoreThanAShare() {
        assertThat(share.surplus(8, 8, 1, 0)).isZero();
        assertThat(share.surplus(8, 8, 2, SECOND)).isEqualTo(4);
        assertThat(share.surplus(4, 8, 2, 2 * SECOND)).isZero();
        assertThat(share.surplus(4, 8, 3, 3 * SECOND)).isEqualTo(1);
        assertThat(share.surplus(3, 8, 16, 4 * SECOND)).isEqualTo(2);
    }

    @Test
    void keepsAllWhileMembersAreNotKnown() {
        assertThat(share.surplus(8, 8, 0, 0)).isZero();
    }

    /** Two receivers, and a third one that the server counts although its node is down. */
    @Test
    void aMemberThatIsGoneDoesNotKeepLanesMovingInCircles() {
        LaneShare other = new LaneShare();
        int mine = 4;
        List<Long> moves = new ArrayList<>();
        for (long second = 0; second < 600; second++) {
            int leaving = share.surplus(mine, 8, 3, second * SECOND);
            int coming = other.surplus(8 - mine, 8, 3, second * SECOND);
            mine += coming - leaving;
            if (leaving + coming > 0) {
                moves.add(second);
            }
        }
        assertThat(moves.stream().filter(second -> second < 60)).hasSizeLessThan(20);
        assertThat(moves.stream().filter(second -> second >= 300)).hasSizeLessThan(15);
        assertThat(moves).isNotEmpty();
    }

    @Test
    void aNewCountIsActedUponAtOnce() {
        long now = 0;
        for (int i = 0; i < 10; i++) {
            share.surplus(4, 8, 3, now);
            now += 64 * SECOND;
        }
        share.surplus(4, 8, 3, now);
        assertThat(share.surplus(4, 8, 3, now + SECOND)).isZero();
        assertThat(share.surplus(4, 8, 4, now + 2 * SECOND)).isEqualTo(2);
    }

    @Test
    void whatWasLongAgoIsForgotten() {
        for (int i = 0; i < 3; i++) {
            assertThat(share.surplus(4, 8, 3, i * SECOND)).isEqualTo(1);
        }
        assertThat(share.surplus(4, 8, 3, 3 * SECOND)).isZero();
        assertThat(share.surplus(4, 8, 3, 400 * SECOND)).isEqualTo(1);
        assertThat(share.surplus(4, 8, 3, 401 * SECOND)).isEqualTo(1);
    }
}
