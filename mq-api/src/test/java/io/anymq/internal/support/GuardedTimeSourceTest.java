package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.TimeSource;
import io.anymq.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application's clock that fails costs no more than its exactness. */
@Timeout(30)
class GuardedTimeSourceTest {
    /** Works like {@link VirtualTime} until it is told not to. */
    private static final class Fragile implements TimeSource {
        final VirtualTime time = new VirtualTime();
        final AtomicInteger cancelled = new AtomicInteger();
        volatile @Nullable Error failure;
        volatile boolean takesBeforeItFails;
        volatile boolean returnsNull;

        private void failIfBroken() {
            Error thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public long currentTimeMillis() {
            failIfBroken();
            return time.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            failIfBroken();
            return time.nanoTime();
        }

        @Override
        @SuppressWarnings("NullAway") // what an application's may return
        public Cancellable schedule(Runnable task, Duration delay) {
            if (takesBeforeItFails) {
                Cancellable unused = time.schedule(task, delay);
            }
            failIfBroken();
            if (returnsNull) {
                Cancellable unused = time.schedule(task, delay);
                return null;
            }
            Cancellable scheduled = time.schedule(task, delay);
            return () -> {
                cancelled.incrementAndGet();
                scheduled.cancel();
                failIfBroken();
            };
        }
    }

    private final Fragile fragile = new Fragile();
    private final GuardedTimeSource guarded = new GuardedTimeSource(fragile, "test");
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        guarded.close();
    }

    @Test
    void asLongAsItWorksItIsAsked() {
        fragile.time.advance(Duration.ofHours(3));
        assertThat(guarded.nanoTime()).isEqualTo(fragile.time.nanoTime());
        assertThat(guarded.currentTimeMillis()).isEqualTo(fragile.time.currentTimeMillis());
        TimeSource.Cancellable unused = guarded.schedule(() -> ran.add("one"), Duration.ofSeconds(1));
        guarded.schedule(() -> ran.add("taken back"), Duration.ofSeconds(1)).cancel();
        assertThat(fragile.cancelled).hasValue(1);
        assertThat(ran).isEmpty();
        fragile.time.advance(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("one");
    }

    @Test
    void aClockThatFailsIsReplacedAndTheMonotonicOneStandsStill() {
        fragile.time.advance(Duration.ofHours(3));
        long last = guarded.nanoTime();
        fragile.failure = new NoClassDefFoundError("broken");
        fragile.time.advance(Duration.ofHours(1));
        assertThat(guarded.nanoTime()).isEqualTo(last);
        long before = System.currentTimeMillis();
        assertThat(guarded.currentTimeMillis()).isBetween(before, System.currentTimeMillis());
        fragile.failure = null;
        assertThat(guarded.nanoTime()).isEqualTo(fragile.time.nanoTime());
    }

    @Test
    void aTaskThatItDoesNotTakeRunsBySystemTimeOnAThreadThatIsKnown() throws InterruptedException {
        fragile.failure = new NoClassDefFoundError("broken");
        assertThat(guarded.isTimerThread()).isFalse();
        TimeSource.Cancellable unused =
                guarded.schedule(() -> ran.add("on the timer: " + guarded.isTimerThread()), Duration.ofMillis(1));
        assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("on the timer: true");
        assertThat(guarded.isTimerThread()).isFalse();
    }

    @Test
    void whatItTookBeforeItFailedRunsOnce() throws InterruptedException {
        fragile.takesBeforeItFails = true;
        fragile.failure = new NoClassDefFoundError("broken");
        TimeSource.Cancellable unused = guarded.schedule(() -> ran.add("once"), Duration.ofMillis(1));
        assertThat(ran.poll(20, TimeUnit.SECONDS)).isEqualTo("once");
        fragile.time.advance(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void whatIsTakenBackDoesNotRunWhateverTheSourceDoes() {
        List<TimeSource.Cancellable> scheduled = new ArrayList<>();
        fragile.returnsNull = true;
        scheduled.add(guarded.schedule(() -> ran.add("null"), Duration.ofSeconds(1)));
        fragile.returnsNull = false;
        scheduled.add(guarded.schedule(() -> ran.add("cancel throws"), Duration.ofSeconds(1)));
        fragile.failure = new NoClassDefFoundError("broken");
        scheduled.forEach(TimeSource.Cancellable::cancel);
        fragile.failure = null;
        fragile.time.advance(Duration.ofHours(1));
        assertThat(ran).isEmpty();
    }

    @Test
    void theLogHearsOfTheFirstFailureOnly() {
        fragile.failure = new NoClassDefFoundError("broken");
        String log = CapturedLog.of(() -> {
            for (int i = 0; i < 3; i++) {
                long unused = guarded.nanoTime() + guarded.currentTimeMillis();
            }
        });
        assertThat(log).containsOnlyOnce("failed in nanoTime()").doesNotContain("currentTimeMillis()");
    }

    @Test
    void afterTheCloseNothingStartsAnymore() throws InterruptedException {
        fragile.failure = new NoClassDefFoundError("broken");
        TimeSource.Cancellable far = guarded.schedule(() -> ran.add("far"), Duration.ofHours(1));
        guarded.close();
        TimeSource.Cancellable late = guarded.schedule(() -> ran.add("late"), Duration.ofMillis(1));
        far.cancel();
        late.cancel();
        assertThat(ran).isEmpty();
    }
}
