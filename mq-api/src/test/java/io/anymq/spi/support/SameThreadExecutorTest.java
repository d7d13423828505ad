package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SameThreadExecutorTest {
    private final SameThreadExecutor executor = new SameThreadExecutor();

    @Test
    void itRunsWhereItIsAsked() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        executor.execute(() -> thread.set(Thread.currentThread()));
        assertThat(thread).hasValue(Thread.currentThread());
    }

    @Test
    void aShutdownIsSaidAndChangesNothing() {
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.awaitTermination(1, TimeUnit.NANOSECONDS)).isFalse();
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        assertThat(executor.awaitTermination(1, TimeUnit.NANOSECONDS)).isTrue();
        itRunsWhereItIsAsked();
    }

    @Test
    void nothingWaitsThatAShutdownCouldReturn() {
        assertThat(executor.shutdownNow()).isEmpty();
        assertThat(executor.isShutdown()).isTrue();
    }
}
