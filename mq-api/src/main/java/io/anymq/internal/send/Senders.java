package io.anymq.internal.send;

import io.anymq.Destination;
import io.anymq.ProducerOptions;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.Nanos;
import io.anymq.spi.Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** The senders the engine itself uses: dead letters and delayed retries, one per address, and outputs of handlers. */
public final class Senders {
    private final EngineContext engine;
    private final ProducerOptions options;
    private volatile boolean closed;
    private final Map<Address, Sending> byAddress = new ConcurrentHashMap<>();
    /** In the order of their opening, in which they are closed. */
    private final List<Sending> opened = new CopyOnWriteArrayList<>();

    private final Outputs outputs;
    /** Opening asks the broker; inside the map's own function it would block callers that look for another sender. */
    private final ReentrantLock opening = new ReentrantLock();

    /** {@code maxOpenOutputs} is how many producers for outputs stay open while they are idle. */
    public Senders(EngineContext engine, ProducerOptions options, int maxOpenOutputs) {
        this.engine = engine;
        this.options = options;
        this.outputs = new Outputs(engine, options, maxOpenOutputs);
    }

    /** A sender to an address that is provisioned. {@code destination} names it in errors. */
    public Sending to(Address address, Destination destination) {
        Sending known = byAddress.get(address);
        Sending sending = known != null ? known : open(address, destination);
        if (closed) {
            // opened too late or concurrently with close: close is idempotent, and sends are refused as CLOSED
            sending.close(Duration.ZERO);
        }
        return sending;
    }

    private Sending open(Address address, Destination destination) {
        opening.lock();
        try {
            Sending known = byAddress.get(address);
            if (known != null) {
                return known;
            }
            Sending sending = new Sending(engine, address, destination, options, false);
            byAddress.put(address, sending);
            opened.add(sending);
            return sending;
        } finally {
            opening.unlock();
        }
    }

    /** Calls {@code action} with a producer for what handlers emit to {@code destination}. */
    public <R> R output(Destination destination, Function<DefaultProducer<Object>, R> action) {
        return outputs.with(destination, action);
    }

    /** Closes all of them within {@code timeout}. */
    public void close(Duration timeout) {
        closed = true;
        long deadline = System.nanoTime() + Nanos.of(timeout);
        for (Sending sending : opened) {
            sending.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        outputs.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
