package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PushReceiverTest {
    private static final Duration SETTLE = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final class TestLane extends PushLane<TestMessage> {
        private final String name;
        private long last;

        TestLane(String name) {
            super(name, 1);
            this.name = name;
        }
    }

    private static final class TestMessage extends EmptyMessage {
        private final TestLane lane;
        private final long number;

        TestMessage(TestLane lane) {
            super(lane.token(), lane.name + (lane.last + 1));
            this.lane = lane;
            this.number = ++lane.last;
        }
    }

    private static final class TestReceiver extends PushReceiver<TestLane, TestMessage> {
        private final List<String> told = new ArrayList<>();
        private final List<Long> moments = new ArrayList<>();
        private int releases;
        private boolean interrupted;

        TestReceiver(TestLane... lanes) {
            super(SETTLE);
            List.of(lanes).forEach(this::own);
        }

        @Override
        protected TestLane owner(TestMessage message) {
            return message.lane;
        }

        @Override
        protected long number(TestMessage message) {
            return message.number;
        }

        @Override
        protected void flush(long now) {
            moments.add(now);
            for (TestLane lane : lanes()) {
                lane.acks().flushAll((first, last, count, all) -> told.add(first.id() + "-" + last.id()));
            }
        }

        @Override
        protected void release(Duration bound) {
            releases++;
            interrupted = Thread.currentThread().isInterrupted();
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }

        List<String> receiveIds(int max) {
            return receive(max, Duration.ZERO).stream().map(TestMessage::id).toList();
        }
    }

    private final TestLane a = new TestLane("a");
    private final TestLane b = new TestLane("b");
    private final TestReceiver receiver = new TestReceiver(a, b);

    private void come(TestLane... lanes) {
        for (TestLane lane : lanes) {
            receiver.arrived(new TestMessage(lane));
        }
    }

    @Test
    void messagesAreHandedOutAsTheyComeAndToldWhenSettled() {
        come(a, b, a);
        assertThat(receiver.receiveIds(0)).isEmpty();
        List<TestMessage> first = receiver.receive(2, Duration.ZERO);
        assertThat(first).extracting(TestMessage::id).containsExactly("a1", "b1");
        assertThat(receiver.receiveIds(2)).containsExactly("a2");
        receiver.acknowledge(first);
        assertThat(receiver.told).containsExactly("a1-a1", "b1-b1");
        assertThat(receiver.moments).allMatch(moment -> moment % SETTLE.toNanos() == 0);
    }

    @Test
    void aLaneThatWasGivenUpIsNeitherHandedOutNorTold() {
        come(a, b);
        List<TestMessage> before = receiver.receive(10, Duration.ZERO);
        come(a, b);
        assertThat(a.acks().open()).extracting(TestMessage::id).containsExactly("a1");
        receiver.disown(List.of(a));
        come(a, b);
        assertThat(receiver.lanes()).containsExactly(b);
        assertThat(receiver.receiveIds(10)).containsExactly("b2", "b3");
        receiver.acknowledge(before);
        assertThat(receiver.told).containsExactly("b1-b1");
    }

    @Test
    void aFailureEndsAWaitAndAllThatFollows() throws Exception {
        CompletableFuture<TestReceiver> waiting = new CompletableFuture<>();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        new Thread(() -> {
                    TestReceiver own = new TestReceiver(new TestLane("c"));
                    waiting.complete(own);
                    try {
                        own.receive(1, LONG);
                        thrown.complete(new AssertionError("nothing was thrown"));
                    } catch (MessagingException e) {
                        thrown.complete(e);
                    }
                })
                .start();
        MessagingException gone = new MessagingException(ErrorCode.UNAVAILABLE, "gone");
        waiting.get().fail(gone);
        waiting.get().fail(new MessagingException(ErrorCode.INTERNAL, "later"));
        assertThat(thrown.get()).isSameAs(gone);
        receiver.fail(gone);
        assertThatThrownBy(() -> receiver.receive(1, LONG)).isSameAs(gone);
        assertThatThrownBy(() -> receiver.acknowledge(List.of())).isSameAs(gone);
    }

    @Test
    void theCloseIsOneAndNotInterrupted() {
        Thread.currentThread().interrupt();
        receiver.close(LONG);
        receiver.close(LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(receiver.releases).isEqualTo(1);
        assertThat(receiver.interrupted).isFalse();
    }
}
