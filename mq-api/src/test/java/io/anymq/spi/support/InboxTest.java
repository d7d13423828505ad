package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InboxTest {
    private static final long LONG = Duration.ofHours(1).toNanos();

    private final Inbox<String> inbox = new Inbox<>(Duration.ofMillis(50));

    private Duration timeOf(long nanos) {
        long start = System.nanoTime();
        inbox.await(nanos);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void messagesComeInOrderAndEndAWait() {
        CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> {
            inbox.add("one");
            inbox.add("two");
        });
        inbox.await(LONG);
        adding.join();
        assertThat(inbox.poll()).isEqualTo("one");
        assertThat(inbox.poll()).isEqualTo("two");
        assertThat(inbox.poll()).isNull();
    }

    @Test
    void aWakeupEndsOneWait() {
        inbox.wakeup();
        inbox.await(LONG);
        inbox.looked(false);
        assertThat(timeOf(Duration.ofMillis(5).toNanos())).isGreaterThanOrEqualTo(Duration.ofMillis(5));
    }

    @Test
    void aWakeupOfAnotherThreadEndsAWait() {
        CompletableFuture<Void> waking = CompletableFuture.runAsync(inbox::wakeup);
        inbox.await(LONG);
        waking.join();
    }

    @Test
    void afterSomethingWasSettledAWaitIsShort() {
        inbox.busy();
        assertThat(timeOf(LONG)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aWakeupBeforeAPromisedLookIsNotNeededAndNotLost() {
        inbox.looked(true);
        inbox.add("ends the wait early");
        inbox.await(LONG);
        inbox.poll();
        // the look that was promised then is still to come, at latest 50 ms later
        inbox.wakeup();
        inbox.await(LONG);
    }

    @Test
    void theEndLeavesNothingToWaitFor() {
        CompletableFuture<Void> ending = CompletableFuture.runAsync(inbox::end);
        inbox.await(LONG);
        ending.join();
        inbox.looked(false);
        inbox.await(LONG);
    }

    @Test
    void anInterruptionEndsAWait() {
        Thread.currentThread().interrupt();
        inbox.await(LONG);
        assertThat(Thread.interrupted()).isTrue();
    }
}
