package io.anymq.inmemory.broker;

import io.anymq.MessagingException;
import io.anymq.TimeSource;
import io.anymq.spi.Address;
import io.anymq.spi.LaneListener;
import java.time.Duration;

/** One connected client. Thread-safe. */
final class ClientSession implements InMemoryBroker.Session {
    private final InMemoryBroker broker;
    private final String clientName;
    private final TimeSource time;
    private volatile boolean isolated;
    private volatile boolean closed;

    ClientSession(InMemoryBroker broker, String clientName, TimeSource time) {
        this.broker = broker;
        this.clientName = clientName;
        this.time = time;
    }

    String clientName() {
        return clientName;
    }

    TimeSource time() {
        return time;
    }

    boolean reachable() {
        return !closed && !isolated;
    }

    boolean isIsolated() {
        return isolated;
    }

    MessagingException unreachable() {
        return closed
                ? Failures.closed("the connection of client '" + clientName + "'")
                : Failures.disconnected(broker.toString(), clientName);
    }

    void isolate(boolean cutOff) {
        isolated = cutOff;
    }

    private void requireReachable() {
        if (!reachable()) {
            throw unreachable();
        }
    }

    /** {@code available}: whether the broker runs. */
    void requireReachable(boolean available) {
        if (!available) {
            throw Failures.stopped(broker.toString());
        }
        requireReachable();
    }

    @Override
    public InMemoryBroker broker() {
        return broker;
    }

    @Override
    public void declare(Address address, boolean create) {
        requireReachable();
        broker.exchanges().declare(address, create);
    }

    @Override
    public InMemoryBroker.Publisher publisher(Address address, Duration patience) {
        requireReachable();
        Exchange exchange = broker.exchanges().exchangeOf(address);
        return new PublisherPort(
                exchange,
                address instanceof Address.Redelivery ? broker.exchanges().queueOf(exchange, address) : null,
                this,
                patience);
    }

    @Override
    public InMemoryBroker.Subscriber subscribe(Address address, LaneListener listener) {
        Exchange exchange = broker.exchanges().exchangeOf(address);
        MessageQueue queue = broker.exchanges().queueOf(exchange, address);
        exchange.lock();
        try {
            // Checked under the lock: disconnecting this client looks for its receivers afterwards.
            requireReachable(exchange.available);
            Member member = new Member(queue, this, listener);
            queue.join(member);
            return member;
        } finally {
            exchange.unlock();
        }
    }

    @Override
    public InMemoryBroker.Browser browse(Address address) {
        Exchange exchange = broker.exchanges().exchangeOf(address);
        MessageQueue queue = broker.exchanges().queueOf(exchange, address);
        exchange.lock();
        try {
            requireReachable(exchange.available);
            return new Look(queue, this);
        } finally {
            exchange.unlock();
        }
    }

    @Override
    public boolean reachesBroker() {
        return reachable() && broker.running();
    }

    @Override
    public void close() {
        closed = true;
        broker.forget(this);
    }
}
