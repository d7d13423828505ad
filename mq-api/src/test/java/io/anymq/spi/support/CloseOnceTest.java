package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CloseOnceTest {
    private final CloseOnce state = new CloseOnce("the connection to a:1");

    @Test
    void whatIsClosedRefusesAndNamesItself() {
        state.requireOpen();
        assertThat(state.isClosed()).isFalse();
        state.close(
                Duration.ofSeconds(1), deadline -> assertThat(state.isClosed()).isTrue());
        assertThatThrownBy(state::requireOpen)
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED))
                .hasMessageEndingWith("the connection to a:1 is closed");
    }

    @Test
    void itIsReleasedOnceWithinTheTimeOut() {
        AtomicInteger released = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            state.close(Duration.ofSeconds(1), deadline -> {
                released.incrementAndGet();
                assertThat(deadline.left()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
            });
        }
        assertThat(released).hasValue(1);
    }

    @Test
    void anInterruptWaitsUntilItIsReleasedAndStaysPendingWhateverIsThrown() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> state.close(Duration.ZERO, deadline -> {
                    assertThat(Thread.currentThread().isInterrupted()).isFalse();
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(Thread.interrupted()).isTrue();
    }
}
