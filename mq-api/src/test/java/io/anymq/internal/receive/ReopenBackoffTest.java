package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReopenBackoffTest {
    private final VirtualTime time = new VirtualTime();
    private final ReopenBackoff backoff = new ReopenBackoff(time);

    private long failedEarly() {
        backoff.opened();
        return backoff.failed().toMillis();
    }

    private List<Long> failedEarly(int times) {
        return Stream.generate(this::failedEarly).limit(times).toList();
    }

    private long failedAfter(Duration life) {
        backoff.opened();
        time.advance(life);
        return backoff.failed().toMillis();
    }

    @Test
    void growsWhileReceiversAreOpenedAndFail() {
        assertThat(failedEarly(8)).containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
    }

    @Test
    void growsLessWhileNoneCanBeOpened() {
        assertThat(Stream.generate(() -> backoff.failed().toMillis()).limit(6))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
    }

    /** Otherwise a receiver that breaks once after a long outage would wait as long as if the outage went on. */
    @Test
    void forgetsHowLongTheBrokerWasAwayWhenOneIsOpened() {
        for (int i = 0; i < 6; i++) {
            backoff.failed();
        }
        assertThat(failedEarly(2)).containsExactly(100L, 200L);
        assertThat(backoff.isFirstFailure()).isFalse();
    }

    @Test
    void beginsAgainAfterSomethingWasReceived() {
        failedEarly(5);
        backoff.opened();
        backoff.received();
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.isFirstFailure()).isTrue();
        assertThat(failedEarly()).isEqualTo(100);
        assertThat(backoff.isFirstFailure()).isFalse();
    }

    @Test
    void beginsAgainAfterAReceiverThatLasted() {
        failedEarly(5);
        assertThat(failedAfter(Duration.ofMillis(4_999))).isEqualTo(3_200);
        assertThat(failedAfter(Duration.ofSeconds(5))).isEqualTo(100);
    }

    @Test
    void refusalsInBetweenDoNotShortenIt() {
        failedEarly(6);
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(3_200));
        assertThat(failedEarly()).isEqualTo(5_000);
    }

    @Test
    void aReceiverIsDoubtfulAfterTwoThatFailedEarly() {
        failedEarly();
        backoff.opened();
        assertThat(backoff.isDoubtful()).isFalse();
        backoff.failed();
        assertThat(backoff.isFailingEarly()).isTrue();
        backoff.opened();
        assertThat(backoff.isDoubtful()).isTrue();
        time.advance(Duration.ofSeconds(5));
        assertThat(backoff.isDoubtful()).as("it lasts").isFalse();
        backoff.failed();
        assertThat(backoff.isFailingEarly()).isFalse();
        failedEarly(2);
        backoff.opened();
        backoff.received();
        assertThat(backoff.isDoubtful()).as("it received").isFalse();
    }
}
