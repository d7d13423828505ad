package io.anymq.tck.direct;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A receiver on a thread of its own, as the engine would run it, driven step by step by a test. Each step waits for its
 * end, at most a minute, and throws the adapter's exception.
 *
 * <pre>{@code
 * try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "name", 100)) {
 *     List<InboundMessage> messages = receiver.receiveCount(10);
 *     receiver.acknowledge(messages);
 * }
 * }</pre>
 *
 * <p>Thread-safe: steps of several threads come one after another.
 */
public final class SteppedReceiver implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final ExecutorService thread;
    private final BrokerReceiver receiver;
    private final List<Lane> revoked = new CopyOnWriteArrayList<>();
    private final List<Lane> lost = new CopyOnWriteArrayList<>();
    private volatile Consumer<BrokerReceiver> onRevoke = receiver -> {};

    /**
     * Opens it.
     *
     * @param connection where
     * @param address the address to receive from
     * @param name of the receiver and, after {@code anymq-receive-}, of its thread
     * @param window how many messages may be unsettled
     */
    public SteppedReceiver(BrokerConnection connection, Address address, String name, int window) {
        thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "anymq-receive-" + name));
        try {
            receiver = on(() -> connection.openReceiver(
                    address, new ReceiverOptions(name, window, 64 << 20, CLOSING), new Listener()));
        } catch (RuntimeException e) {
            thread.shutdown();
            throw e;
        }
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
        } catch (TimeoutException e) {
            throw new AssertionError("an adapter call took longer than " + BOUND, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Runs a step of any kind on the receiver's thread and returns its result. */
    public <T> T with(Function<BrokerReceiver, T> step) {
        return on(() -> step.apply(receiver));
    }

    /** Calls {@link BrokerReceiver#receive} once. */
    public List<InboundMessage> receive(int max, Duration wait) {
        return on(() -> new ArrayList<>(receiver.receive(max, wait)));
    }

    /** Receives until there are {@code count}, within a minute. */
    public List<InboundMessage> receiveCount(int count) {
        long end = System.nanoTime() + BOUND.toNanos();
        List<InboundMessage> all = new ArrayList<>();
        while (all.size() < count) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("only " + all.size() + " of " + count + " messages arrived");
            }
            all.addAll(receive(count - all.size(), Duration.ofMillis(100)));
        }
        return all;
    }

    /** Serves the group, without taking messages, until this is true of the adapter's receiver, within a minute. */
    public void serveUntil(Predicate<BrokerReceiver> condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!with(condition::test)) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("the receiver did not reach the expected state within " + BOUND);
            }
            receive(0, Duration.ofMillis(50));
        }
    }

    /** Settles these. */
    public void acknowledge(List<? extends InboundMessage> messages) {
        on(() -> {
            receiver.acknowledge(messages);
            return true;
        });
    }

    /** The action on the receiver's thread while lanes are being revoked; by default none. */
    public void onRevoke(Consumer<BrokerReceiver> action) {
        onRevoke = action;
    }

    /** The lanes revoked so far, in that order. */
    public List<Lane> revoked() {
        return List.copyOf(revoked);
    }

    /** The lanes lost so far, in that order. */
    public List<Lane> lost() {
        return List.copyOf(lost);
    }

    /** The adapter's receiver, for calls that are permitted on any thread. */
    public BrokerReceiver receiver() {
        return receiver;
    }

    @Override
    public void close() {
        try {
            on(() -> {
                receiver.close(CLOSING);
                return true;
            });
        } finally {
            thread.shutdown();
        }
    }
}
