package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The behaviour that all receivers of a log share. */
class LogReceiverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> events = new ArrayList<>();
    private final TestListener listener = new TestListener(events);
    private final Receiver receiver = new Receiver();
    private final TestPartition a = receiver.assign("a");
    private final TestPartition b = receiver.assign("b");
    private boolean saveFails;

    @AfterEach
    void forgetInterrupt() {
        boolean unused = Thread.interrupted();
    }

    private final class Receiver extends LogReceiver<String, TestPartition, TestRecord> {
        Receiver() {
            super(listener);
        }

        TestPartition assign(String name) {
            TestPartition lane = new TestPartition(name, 0, new OffsetRanges()).arrive(0, 1, 2);
            lanes().byName().put(name, lane);
            return lane;
        }

        @Override
        public List<? extends InboundMessage> receive(int max, Duration wait) {
            List<TestRecord> taken = new ArrayList<>();
            lanes().takeFlowing(taken, max);
            return taken;
        }

        @Override
        protected void settled() {
            events.add("settled");
        }

        @Override
        protected void save(Collection<TestPartition> leaving, Duration timeout) {
            events.add("save " + leaving + (leaving.iterator().next().isOwned() ? " owned" : " not owned"));
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(timeout).isPositive().isLessThanOrEqualTo(TIMEOUT);
            if (saveFails) {
                throw new MessagingException(ErrorCode.UNAVAILABLE, "the disk is gone", true, null);
            }
        }

        @Override
        protected void handOver(Collection<TestPartition> leaving) {
            events.add("hand over " + leaving + (leaving.iterator().next().isOwned() ? " owned" : " not owned"));
        }

        @Override
        protected void release(Deadline deadline) {
            events.add("release");
        }
    }

    @Test
    void aRevokedLaneIsSettledAndSavedAndForgottenBeforeOthersMayHaveIt() {
        List<? extends InboundMessage> taken = receiver.receive(6, Duration.ZERO);
        listener.whenRevoked = () -> receiver.acknowledge(taken);
        receiver.revoke(List.of(a), TIMEOUT);
        assertThat(events).containsExactly("revoked [a]", "settled", "save [a] owned", "hand over [a] not owned");
        assertThat(a.committable()).isEqualTo(3);
        assertThat(receiver.lanes().all()).containsExactly(b);
    }

    @Test
    void aLaneIsGivenUpAllTheSameWhenSettlingOrSavingFails() {
        saveFails = true;
        listener.whenRevoked = () -> {
            throw new MessagingException(ErrorCode.UNAVAILABLE, "cannot settle", true, null);
        };
        receiver.revoke(List.of(b), TIMEOUT);
        assertThat(events).containsExactly("revoked [b]", "save [b] owned", "hand over [b] not owned");
        assertThat(receiver.lanes().all()).containsExactly(a);
    }

    @Test
    void aLostLaneIsNeitherSettledNorSaved() {
        receiver.lost(List.of(a));
        assertThat(events).containsExactly("lost [a]");
        assertThat(a.isOwned()).isFalse();
    }

    @Test
    void noLaneIsNoEvent() {
        receiver.revoke(List.of(), TIMEOUT);
        receiver.lost(List.of());
        assertThat(events).isEmpty();
    }

    @Test
    void aPausedLaneGivesNothing() {
        receiver.pause(a.lane());
        assertThat(receiver.receive(10, Duration.ZERO))
                .extracting(InboundMessage::id)
                .containsExactly("b@0", "b@1", "b@2");
        receiver.resume(a.lane());
        assertThat(receiver.receive(10, Duration.ZERO))
                .extracting(InboundMessage::id)
                .containsExactly("a@0", "a@1", "a@2");
    }

    @Test
    void closeSavesOnceAndTellsTheEngineNothing() {
        Thread.currentThread().interrupt();
        receiver.close(TIMEOUT);
        assertThat(Thread.currentThread().isInterrupted())
                .as("the interrupt is kept for the caller")
                .isTrue();
        receiver.close(TIMEOUT);
        assertThat(events).containsExactly("save [a, b] owned", "hand over [a, b] not owned", "release");
        assertThat(receiver.lanes().all()).isEmpty();
    }

    @Test
    void whatTheVendorTakesAwayWhileItClosesIsNoEvent() {
        receiver.close(TIMEOUT);
        TestPartition late = receiver.assign("late");
        events.clear();
        receiver.lost(List.of(late));
        assertThat(events).isEmpty();
        assertThat(late.isOwned()).isFalse();
    }
}
