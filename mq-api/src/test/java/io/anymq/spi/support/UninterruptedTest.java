package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
    @AfterEach
    void forgetTheInterruption() {
        boolean unused = Thread.interrupted();
    }

    @Test
    void anInterruptedThreadWorksAndIsInterruptedAgain() {
        AtomicBoolean during = new AtomicBoolean(true);
        Thread.currentThread().interrupt();

        Uninterrupted.run(() -> during.set(Thread.currentThread().isInterrupted()));

        assertThat(during).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aFailureKeepsTheInterruptionAsWell() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Uninterrupted.run(() -> {
                    throw new IOException("broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void aThreadThatWasNotInterruptedIsNotAfterwards() {
        Uninterrupted.run(() -> {});
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptedThreadWaitsForTheLatch() throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        Thread opener = new Thread(latch::countDown);
        Thread.currentThread().interrupt();
        opener.start();

        assertThat(Uninterrupted.await(latch, Deadline.after(Duration.ofSeconds(10))))
                .isTrue();
        assertThat(Thread.interrupted()).isTrue();
        opener.join();
    }

    @Test
    void theDeadlineHoldsForAnInterruptedThread() {
        Thread.currentThread().interrupt();

        assertThat(Uninterrupted.await(new CountDownLatch(1), Deadline.after(Duration.ofMillis(20))))
                .isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
