package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.Health;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingCallsTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final BlockingCalls calls = new BlockingCalls("anymq-test-call");
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() throws InterruptedException {
        gate.countDown();
        assertThat(calls.close(Deadline.after(LONG))).isTrue();
    }

    private void stuck() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failuresReachTheCaller() throws IOException {
        calls.run(() -> {}, LONG);
        assertThatThrownBy(() -> calls.run(
                        () -> {
                            throw new EOFException("gone");
                        },
                        LONG))
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(EOFException.class);
        assertThatThrownBy(() -> calls.run(
                        () -> {
                            throw new IllegalArgumentException("odd");
                        },
                        LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStuckCallHoldsUpNeitherItsCallerNorOthers() throws IOException {
        assertThatThrownBy(() -> calls.run(this::stuck, SHORT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("50 ms");
        for (int i = 0; i < 10; i++) {
            calls.execute(this::stuck);
        }
        calls.run(() -> {}, LONG);
    }

    @Test
    void aLookIsShared() {
        AtomicInteger looks = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThat(calls.probe("x", SHORT, () -> look(looks)).toString()).contains("did not answer within 50 ms");
        }
        assertThat(looks).hasValue(1);
        gate.countDown();
        await().untilAsserted(() ->
                assertThat(calls.probe("x", LONG, () -> look(looks))).isEqualTo(Health.up("fine")));
    }

    private Health look(AtomicInteger looks) {
        looks.incrementAndGet();
        stuck();
        return Health.up("fine");
    }

    @Test
    void aLookThatThrowsIsAReasonToBeDown() {
        assertThat(calls.probe("x", LONG, () -> {
                            throw new IllegalStateException("odd");
                        })
                        .toString())
                .contains("health check of x failed", "odd");
    }

    @Test
    void nothingRunsAfterTheClose() throws Exception {
        calls.execute(this::stuck);
        assertThat(calls.close(Deadline.after(LONG))).as("interrupts").isTrue();
        boolean[] ran = new boolean[1];
        calls.execute(() -> ran[0] = true);
        assertThatThrownBy(() -> calls.run(() -> {}, LONG)).isInstanceOf(IOException.class);
        assertThat(calls.probe("x", LONG, () -> Health.up("fine")).toString())
                .contains("the connection to x is closed");
        assertThat(ran[0]).isFalse();
    }

    @Test
    void aCallThatIgnoresItsInterruptionIsReported() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        calls.execute(() -> {
            running.countDown();
            while (gate.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        running.await();
        assertThat(calls.close(Deadline.after(SHORT))).isFalse();
        gate.countDown();
        await().until(() -> calls.close(Deadline.after(SHORT)));
    }
}
