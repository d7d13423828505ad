package io.anymq.internal.send;

import io.anymq.Destination;
import io.anymq.ProducerOptions;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.spi.Address;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Producers for what handlers emit, one per destination. A handler that answers to a destination of each request would
 * open ever more of them: beyond a number, those that were not used for the longest time are closed. Thread-safe.
 */
final class Outputs {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final EngineContext engine;
    private final ProducerOptions options;
    private final int maxOpen;
    private final Map<Destination, Output> byDestination = new ConcurrentHashMap<>();
    /** Opening asks the broker; inside the map's own function it would block callers that look for another producer. */
    private final ReentrantLock opening = new ReentrantLock();

    private volatile boolean closed;

    Outputs(EngineContext engine, ProducerOptions options, int maxOpen) {
        this.engine = engine;
        this.options = options;
        this.maxOpen = maxOpen;
    }

    /**
     * Calls {@code action} with a producer for any type, without a key guard, because a failed output fails its attempt,
     * which then repeats all outputs in order. The producer is not closed before the action returns and the sends that
     * it began have ended.
     */
    <R> R with(Destination destination, Function<DefaultProducer<Object>, R> action) {
        while (true) {
            Output output = byDestination.get(destination);
            if (output == null || !output.enter()) {
                output = open(destination);
                if (!output.enter()) {
                    continue;
                }
            }
            try {
                return action.apply(output.producer);
            } finally {
                output.leave();
            }
        }
    }

    private Output open(Destination destination) {
        Address address = engine.addresses().of(destination);
        engine.connection().provision(address, engine.provisionMode());
        List<Output> idle = List.of();
        opening.lock();
        try {
            Output known = byDestination.get(destination);
            if (known != null) {
                return known;
            }
            Output output = new Output(destination, new Sending(engine, address, destination, options, false));
            idle = retireIdle();
            byDestination.put(destination, output);
            if (closed) {
                // opened concurrently with close: sends are refused as CLOSED
                output.sending.close(Duration.ZERO);
            }
            return output;
        } finally {
            opening.unlock();
            idle.forEach(each -> each.sending.close(CLOSE_TIMEOUT));
        }
    }

    /** Makes room for one more. Those in use stay, so that there may be more than the bound for a while. */
    private List<Output> retireIdle() {
        int surplus = byDestination.size() + 1 - maxOpen;
        if (surplus <= 0) {
            return List.of();
        }
        List<Output> retired = byDestination.values().stream()
                .sorted(Comparator.comparingLong(output -> output.lastUsed))
                .filter(Output::retire)
                .limit(surplus)
                .toList();
        retired.forEach(output -> byDestination.remove(output.destination));
        return retired;
    }

    /** Closes all of them within {@code timeout}. */
    void close(Duration timeout) {
        closed = true;
        long deadline = System.nanoTime() + Nanos.of(timeout);
        for (Output output : byDestination.values()) {
            output.sending.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    private final class Output {
        private static final int RETIRED = -1;

        final Destination destination;
        final Sending sending;
        final DefaultProducer<Object> producer;
        private final AtomicInteger users = new AtomicInteger();
        private volatile long lastUsed = engine.time().nanoTime();

        Output(Destination destination, Sending sending) {
            this.destination = destination;
            this.sending = sending;
            this.producer = new DefaultProducer<>(engine, destination, sending, null, Object.class, options, () -> {});
        }

        /** Whether it is open; then it stays so until {@link #leave}. */
        boolean enter() {
            return users.updateAndGet(count -> count == RETIRED ? RETIRED : count + 1) != RETIRED;
        }

        void leave() {
            lastUsed = engine.time().nanoTime();
            users.decrementAndGet();
        }

        /** Whether it is idle; then it is never entered again. Called with {@link #opening}. */
        boolean retire() {
            // a caller that entered after the first question has left by the second, and its sends are in flight
            if (sending.inFlight() > 0 || !users.compareAndSet(0, RETIRED)) {
                return false;
            }
            if (sending.inFlight() > 0) {
                users.set(0);
                return false;
            }
            return true;
        }
    }
}
