package io.anymq.rocketmq;

import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** A receiver on a thread of its own, driven step by step by a test. */
final class TestReceiver implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final ExecutorService thread;
    private final BrokerReceiver receiver;
    final List<Lane> revoked = new ArrayList<>();
    final List<Lane> lost = new ArrayList<>();
    volatile Consumer<BrokerReceiver> onRevoke = receiver -> {};

    TestReceiver(BrokerConnection connection, Address address, String name, int window) {
        thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "anymq-receive-" + name));
        receiver = on(() -> connection.openReceiver(
                address, new ReceiverOptions(name, window, Duration.ofSeconds(10)), new Listener()));
    }

    private final class Listener implements LaneListener {
        @Override
        public void lanesRevoked(Collection<Lane> lanes) {
            revoked.addAll(lanes);
            onRevoke.accept(receiver);
        }

        @Override
        public void lanesLost(Collection<Lane> lanes) {
            lost.addAll(lanes);
        }
    }

    private interface Call<T> {
        T call() throws Exception;
    }

    private <T> T on(Call<T> call) {
        try {
            return thread.submit(call::call).get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs on the receiver's thread. */
    <T> T with(Function<BrokerReceiver, T> step) {
        return on(() -> step.apply(receiver));
    }

    List<InboundMessage> receive(int max, Duration wait) {
        return on(() -> new ArrayList<>(receiver.receive(max, wait)));
    }

    /** Receives until there are {@code count}, within a minute. */
    List<InboundMessage> receiveCount(int count) {
        long end = System.nanoTime() + BOUND.toNanos();
        List<InboundMessage> all = new ArrayList<>();
        while (all.size() < count) {
            if (System.nanoTime() > end) {
                throw new AssertionError("only " + all.size() + " of " + count + " messages came");
            }
            all.addAll(receive(count - all.size(), Duration.ofMillis(100)));
        }
        return all;
    }

    /** Serves the group until it owns this many lanes. */
    void awaitLanes(int count) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (with(BrokerReceiver::lanes).size() != count) {
            if (System.nanoTime() > end) {
                throw new AssertionError("has " + with(BrokerReceiver::lanes) + ", not " + count + " lanes");
            }
            receive(0, Duration.ofMillis(50));
        }
    }

    void acknowledge(List<? extends InboundMessage> messages) {
        on(() -> {
            receiver.acknowledge(messages);
            return true;
        });
    }

    BrokerReceiver receiver() {
        return receiver;
    }

    @Override
    public void close() {
        on(() -> {
            receiver.close(Duration.ofSeconds(10));
            return true;
        });
        thread.shutdown();
    }
}
