package io.anymq.inmemory.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Queue;
import io.anymq.TimeSource;
import io.anymq.inmemory.Sent;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tries the interleavings of senders and receivers of a queue: whatever they see, one after another could have seen.
 */
class BrokerLincheckTest {
    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(4)
                .invocationsPerIteration(60)
                .threads(2)
                .actorsBefore(2)
                .actorsPerThread(3)
                .actorsAfter(2)
                .minimizeFailedScenario(false);
    }

    @Test
    void aSharedQueueIsLinearizable() {
        options().check(SharedQueue.class);
    }

    @Test
    void aQueueWithOneOwnerIsLinearizable() {
        options().check(OwnedQueue.class);
    }

    /** The lanes without the lock around them: that the test would notice. */
    @Test
    void aLaneWithoutItsLockIsNoticed() {
        assertThatThrownBy(() -> options().check(UnlockedLane.class)).hasMessageContaining("Invalid execution results");
    }

    /** Two receivers share the work. */
    public static class SharedQueue extends Scene {
        public SharedQueue() {
            super(Ordering.UNORDERED);
        }
    }

    /** One receiver owns the only lane, and the other one waits for it to leave. */
    public static class OwnedQueue extends Scene {
        public OwnedQueue() {
            super(Ordering.TOTAL);
        }
    }

    /** The operations that Lincheck calls on a broker. */
    abstract static class Scene {
        private final InMemoryBroker.Session session =
                InMemoryBroker.unnamed(InMemoryBroker.Limits.DEFAULT).connect("client", new NoTime());
        private final InMemoryBroker.Publisher publisher;
        private final List<InMemoryBroker.Subscriber> subscribers = new ArrayList<>();
        private final List<List<InboundMessage>> held = List.of(new ArrayList<>(), new ArrayList<>());
        private final String name = "q";
        private final Address address;

        Scene(Ordering ordering) {
            address = new Address.OfQueue(new Queue(name, ordering));
            session.declare(address, true);
            publisher = session.publisher(address, Duration.ofSeconds(30));
            subscribers.add(session.subscribe(address, new NoListener()));
            subscribers.add(session.subscribe(address, new NoListener()));
        }

        @Operation
        public String send(@Param(gen = IntGen.class, conf = "1:5") int number) {
            Sent message = Sent.of(Integer.toString(number));
            publisher.publish(message);
            return String.valueOf(message.outcomeNow());
        }

        @Operation(nonParallelGroup = "first receiver")
        public @Nullable String receiveFirst() {
            return receive(0);
        }

        @Operation(nonParallelGroup = "second receiver")
        public @Nullable String receiveSecond() {
            return receive(1);
        }

        private @Nullable String receive(int number) {
            List<? extends InboundMessage> messages = subscribers.get(number).take(1, Duration.ZERO);
            if (messages.isEmpty()) {
                return null;
            }
            held.get(number).add(messages.get(0));
            return messages.get(0).id() + " for the " + messages.get(0).deliveryCount() + ". time";
        }

        @Operation(nonParallelGroup = "first receiver")
        public void settleFirst() {
            subscribers.get(0).settle(List.copyOf(held.get(0)));
            held.get(0).clear();
        }

        @Operation(nonParallelGroup = "second receiver")
        public void rejoinSecond() {
            subscribers.get(1).leave();
            held.get(1).clear();
            subscribers.set(1, session.subscribe(address, new NoListener()));
        }

        @Operation
        public String metrics() {
            InMemoryBroker.QueueMetrics metrics = session.broker().metrics(name).orElseThrow();
            return metrics.ready() + " ready, " + metrics.inFlight() + " in flight, " + metrics.settled() + " settled";
        }
    }

    /** A queue's parts, used by two threads at once. */
    public static class UnlockedLane {
        private final LaneList lane = new LaneList(0);
        private final Lane token = new Lane("lane");

        @Operation
        public void append(@Param(gen = IntGen.class, conf = "1:5") int number) {
            Sent message = Sent.of(Integer.toString(number));
            lane.append(new Entry(message, 1));
        }

        @Operation
        public @Nullable String take() {
            List<Handout> out = new ArrayList<>();
            lane.take(1, null, token, out);
            return out.isEmpty() ? null : out.get(0).id();
        }
    }

    private static final class NoListener implements LaneListener {
        @Override
        public void lanesRevoked(Collection<Lane> lanes) {}

        @Override
        public void lanesLost(Collection<Lane> lanes) {}
    }

    /** Nothing here waits. */
    private static final class NoTime implements TimeSource {
        @Override
        public long currentTimeMillis() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Cancellable schedule(Runnable task, Duration delay) {
            return () -> {};
        }
    }
}
