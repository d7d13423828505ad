package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SystemTimeSourceTest {
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @Test
    void itsClocksAreTheSystems() {
        try (SystemTimeSource time = new SystemTimeSource("test")) {
            long millis = System.currentTimeMillis();
            assertThat(time.currentTimeMillis()).isBetween(millis, System.currentTimeMillis());
            long nanos = System.nanoTime();
            assertThat(time.nanoTime() - nanos).isBetween(0L, System.nanoTime() - nanos);
        }
    }

    @Test
    void aTaskRunsNotBeforeItsTimeOnTheTimersThread() throws InterruptedException {
        try (SystemTimeSource time = new SystemTimeSource("test")) {
            long begin = System.nanoTime();
            TimeSource.Cancellable unused = time.schedule(
                    () -> ran.add(time.isTimerThread() + " " + (System.nanoTime() - begin >= 20_000_000)),
                    Duration.ofMillis(20));
            assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("true true");
            assertThat(time.isTimerThread()).isFalse();
        }
    }

    @Test
    void aTaskThatFailsStopsNoOther() throws InterruptedException {
        try (SystemTimeSource time = new SystemTimeSource("test")) {
            TimeSource.Cancellable failing = time.schedule(
                    () -> {
                        throw new NoClassDefFoundError("broken");
                    },
                    Duration.ZERO);
            TimeSource.Cancellable next = time.schedule(() -> ran.add("next"), Duration.ofMillis(1));
            assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("next");
            failing.cancel();
            next.cancel();
        }
    }

    @Test
    void whatIsTakenBackDoesNotRunAndAfterTheCloseNothingDoes() throws InterruptedException {
        Set<Thread> before = ClientThreads.alive();
        SystemTimeSource time = new SystemTimeSource("test");
        time.schedule(() -> ran.add("taken back"), Duration.ofMillis(1)).cancel();
        TimeSource.Cancellable last = time.schedule(() -> ran.add("last"), Duration.ofMillis(2));
        assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("last");
        TimeSource.Cancellable far = time.schedule(() -> ran.add("far"), Duration.ofHours(1));
        time.close();
        TimeSource.Cancellable late = time.schedule(() -> ran.add("late"), Duration.ZERO);
        assertThat(before).as("its thread has ended").containsAll(ClientThreads.alive());
        assertThat(ran).isEmpty();
        last.cancel();
        far.cancel();
        late.cancel();
    }

    @Test
    void anInterruptionIsKeptByTheClose() {
        SystemTimeSource time = new SystemTimeSource("test");
        Thread.currentThread().interrupt();
        time.close();
        assertThat(Thread.interrupted()).isTrue();
    }
}
