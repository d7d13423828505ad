package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.InboundMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Receivers that share lanes by locks. */
class SharedLogReceiverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int LANES = 8;

    private final Locks locks = new Locks();
    private final Map<Integer, Long> saved = new HashMap<>();
    private boolean owningFails;
    private boolean savingFails;

    private static final class Locks implements LaneLocks {
        final Set<String> held = new HashSet<>();

        @Override
        public Held tryLock(String name) {
            return held.add(name) ? () -> held.remove(name) : null;
        }

        @Override
        public boolean isLocked(String name) {
            return held.contains(name);
        }
    }

    private final class Receiver extends SharedLogReceiver<TestPartition, TestRecord> {
        Receiver() {
            super(new TestListener(), LANES, locks, TIMEOUT);
        }

        int owned() {
            upkeep();
            return lanes().all().size();
        }

        @Override
        protected TestPartition own(int lane) {
            assertThat(locks.held).contains("lane-" + lane);
            if (owningFails) {
                throw new MessagingException(ErrorCode.UNAVAILABLE, "cannot read where the last one ended", true, null);
            }
            TestPartition mine = new TestPartition(String.valueOf(lane));
            mine.begin(saved.getOrDefault(lane, 0L), new OffsetRanges());
            return mine.arrive(0, 1, 2);
        }

        @Override
        protected void save(Collection<TestPartition> lanes, Duration timeout) {
            if (savingFails) {
                throw new MessagingException(ErrorCode.UNAVAILABLE, "the disk is gone", true, null);
            }
            for (TestPartition lane : lanes) {
                saved.put(Integer.parseInt(lane.toString()), lane.progress().offset());
            }
        }

        @Override
        public List<? extends InboundMessage> receive(int max, Duration wait) {
            upkeep();
            List<TestRecord> taken = new ArrayList<>();
            lanes().takeFlowing(taken, max);
            return taken;
        }
    }

    private static void awaitShares(List<Receiver> receivers, Integer... shares) {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(receivers.stream().map(Receiver::owned).toList())
                                .containsExactly(shares));
    }

    @Test
    void sharesDifferByOneAtMost() {
        List<Receiver> receivers = new ArrayList<>();
        receivers.add(new Receiver());
        awaitShares(receivers, 8);
        receivers.add(new Receiver());
        awaitShares(receivers, 4, 4);
        receivers.add(new Receiver());
        awaitShares(receivers, 3, 3, 2);
        receivers.add(new Receiver());
        receivers.add(new Receiver());
        awaitShares(receivers, 2, 2, 2, 1, 1);
        receivers.remove(1).close(TIMEOUT);
        awaitShares(receivers, 2, 2, 2, 2);
    }

    @Test
    void whoFindsNoFreeSeatWaitsForOne() {
        List<Receiver> receivers = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            receivers.add(new Receiver());
        }
        awaitShares(receivers, 1, 1, 1, 1, 1, 1, 1, 1);
        Receiver late = new Receiver();
        receivers.add(late);
        awaitShares(receivers, 1, 1, 1, 1, 1, 1, 1, 1, 0);
        receivers.remove(3).close(TIMEOUT);
        awaitShares(receivers, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(late.owned()).isEqualTo(1);
    }

    @Test
    void theNextOwnerBeginsWhereTheLastOneEnded() {
        Receiver first = new Receiver();
        List<? extends InboundMessage> taken = first.receive(3, TIMEOUT);
        first.acknowledge(taken.subList(0, 2));
        first.close(TIMEOUT);
        assertThat(locks.held).isEmpty();
        assertThat(saved).containsEntry(0, 2L).containsEntry(1, 0L);
    }

    @Test
    void settlementsAreSavedWhileTheLaneStays() {
        Receiver receiver = new Receiver();
        receiver.acknowledge(receiver.receive(1, TIMEOUT));
        await().atMost(TIMEOUT).until(() -> {
            receiver.upkeep();
            return saved.containsKey(0);
        });
        assertThat(saved).containsOnly(Map.entry(0, 1L));
        assertThat(receiver.owned()).isEqualTo(LANES);
    }

    @Test
    void aLaneThatCannotBeReadIsNotKeptLocked() {
        owningFails = true;
        Receiver receiver = new Receiver();
        assertThatThrownBy(receiver::upkeep).isInstanceOf(MessagingException.class);
        assertThat(locks.held).containsExactly("seat-0");
        receiver.close(TIMEOUT);
        assertThat(locks.held).isEmpty();
    }

    @Test
    void nothingStaysLockedWhenTheLastSaveFails() {
        Receiver receiver = new Receiver();
        receiver.acknowledge(receiver.receive(1, TIMEOUT));
        savingFails = true;
        receiver.close(TIMEOUT);
        assertThat(locks.held).isEmpty();
    }
}
