package io.anymq.internal.support;

import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.MessagingObserver;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.Capabilities;
import io.anymq.spi.Capability;
import io.anymq.spi.Chain;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.Support;
import io.anymq.spi.WireMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A small broker in memory whose confirms and failures a test decides about. One receiver per address at a time. */
public final class ManualBroker implements BrokerAdapter, BrokerConnection {
    private final Map<String, List<Stored>> queues = new HashMap<>();
    private final AtomicInteger position = new AtomicInteger();

    /** What happens to a sent message; stores and confirms unless a test says otherwise. */
    public volatile BiConsumer<String, OutboundMessage> onSend = this::storeAndConfirm;

    /** Runs while a sender is opened. */
    public volatile Consumer<Address> onOpenSender = address -> {};

    /** What happens to chains; null means that the broker has no transactions. Set before a client connects. */
    public volatile Consumer<Chain> onCommit;

    /** Thrown by the next call of receive. */
    public volatile RuntimeException receiveFailure;

    /** Thrown when a receiver is opened. */
    public volatile Error openFailure;

    public final AtomicInteger openSenders = new AtomicInteger();

    /** Receivers that were opened, in all. */
    public final AtomicInteger receivers = new AtomicInteger();

    public volatile boolean closed;

    /** An engine on this broker. */
    public EngineContext engine(VirtualTime time, List<MessagingObserver> observers, BrokerReturn brokerReturn) {
        return new EngineContext(
                "test",
                this,
                capabilities(),
                ProvisionMode.CREATE,
                time,
                new SplittableRandom(1),
                new Codecs(List.of()),
                List.of(),
                new Observers(observers),
                brokerReturn);
    }

    /** Stores it under {@code address} and tells the sender. */
    public void storeAndConfirm(String address, OutboundMessage message) {
        store(address, message);
        message.confirmed(null);
    }

    private void store(String address, WireMessage message) {
        synchronized (queues) {
            queues.computeIfAbsent(address, name -> new ArrayList<>())
                    .add(new Stored(message, position.getAndIncrement()));
            queues.notifyAll();
        }
    }

    /** Stores the outputs, removes the input and tells the engine. */
    public void commit(Chain chain) {
        synchronized (queues) {
            chain.outputs().forEach(output -> store(output.address().toString(), output.message()));
            queues.values().forEach(queue -> queue.remove(chain.input()));
        }
        chain.committed();
    }

    /** Ids of what is at {@code address}, handed out or not. */
    public List<String> ids(String address) {
        synchronized (queues) {
            return queues.getOrDefault(address, List.of()).stream()
                    .map(Stored::id)
                    .toList();
        }
    }

    /** What is at {@code address}. */
    public List<? extends InboundMessage> at(String address) {
        synchronized (queues) {
            return List.copyOf(queues.getOrDefault(address, List.of()));
        }
    }

    @Override
    public String scheme() {
        return "manual";
    }

    @Override
    public List<ConfigOption> options() {
        return List.of();
    }

    @Override
    public List<String> validate(ConnectionContext context) {
        return List.of();
    }

    @Override
    public BrokerConnection connect(ConnectionContext context) {
        return this;
    }

    @Override
    public Capabilities capabilities() {
        Capabilities.Builder all = Capabilities.builder();
        for (Capability capability : Capability.values()) {
            boolean absent =
                    capability == Capability.DELAY || (capability == Capability.ATOMIC_CHAINING && onCommit == null);
            all.with(capability, absent ? Support.UNSUPPORTED : Support.NATIVE);
        }
        return all.build();
    }

    @Override
    public void provision(Address address, ProvisionMode mode) {}

    @Override
    public BrokerSender openSender(Address address, SenderOptions options) {
        onOpenSender.accept(address);
        openSenders.incrementAndGet();
        return new Sender(address.toString());
    }

    @Override
    public BrokerReceiver openReceiver(Address address, ReceiverOptions options, LaneListener listener) {
        Error failure = openFailure;
        if (failure != null) {
            throw failure;
        }
        receivers.incrementAndGet();
        return new Receiver(address.toString());
    }

    @Override
    public Health probe(Duration timeout) {
        return Health.up("in this process");
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        closed = true;
    }

    private final class Sender implements BrokerSender {
        private final String address;

        Sender(String address) {
            this.address = address;
        }

        @Override
        public void send(List<? extends OutboundMessage> messages) {
            messages.forEach(message -> onSend.accept(address, message));
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }

        @Override
        public void close(Duration timeout) {
            openSenders.decrementAndGet();
        }
    }

    private final class Receiver implements BrokerReceiver {
        private final String address;
        private final Lane lane;
        private boolean woken;

        Receiver(String address) {
            this.address = address;
            this.lane = new Lane(address);
        }

        @Override
        public List<? extends InboundMessage> receive(int max, Duration wait) {
            RuntimeException failure = receiveFailure;
            if (failure != null) {
                receiveFailure = null;
                throw failure;
            }
            long deadline = System.nanoTime() + wait.toNanos();
            synchronized (queues) {
                List<Stored> free = free(max);
                long left = deadline - System.nanoTime();
                while (free.isEmpty() && !woken && max > 0 && left > 0 && receiveFailure == null) {
                    try {
                        queues.wait(left / 1_000_000, (int) (left % 1_000_000));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return List.of();
                    }
                    free = free(max);
                    left = deadline - System.nanoTime();
                }
                woken = false;
                free.forEach(stored -> stored.lane = lane);
                return free;
            }
        }

        private List<Stored> free(int max) {
            return queues.getOrDefault(address, List.of()).stream()
                    .filter(stored -> stored.lane == null)
                    .limit(max)
                    .toList();
        }

        @Override
        public void acknowledge(List<? extends InboundMessage> messages) {
            synchronized (queues) {
                queues.getOrDefault(address, new ArrayList<>()).removeAll(messages);
            }
        }

        @Override
        public void commit(List<? extends Chain> chains) {
            chains.forEach(onCommit);
        }

        @Override
        public void release(List<? extends InboundMessage> messages) {
            synchronized (queues) {
                messages.forEach(message -> ((Stored) message).lane = null);
            }
        }

        @Override
        public void pause(Lane paused) {}

        @Override
        public void resume(Lane resumed) {}

        @Override
        public Collection<Lane> lanes() {
            return List.of(lane);
        }

        @Override
        public void wakeup() {
            synchronized (queues) {
                woken = true;
                queues.notifyAll();
            }
        }

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }

        @Override
        public void close(Duration timeout) {
            synchronized (queues) {
                queues.getOrDefault(address, List.of()).stream()
                        .filter(stored -> stored.lane == lane)
                        .forEach(stored -> stored.lane = null);
            }
        }
    }

    /** Makes a receive that is waiting look around, for instance at {@link #receiveFailure}. */
    public void stir() {
        synchronized (queues) {
            queues.notifyAll();
        }
    }

    private static final class Stored implements InboundMessage {
        private final String id;
        private final String key;
        private final byte[] body;
        private final String contentType;
        private final Map<String, String> headers;
        private final int position;
        private volatile Lane lane;

        Stored(WireMessage message, int position) {
            this.id = message.id();
            this.key = message.key();
            this.body = message.body();
            this.contentType = message.contentType();
            this.headers = message.headers();
            this.position = position;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public String key() {
            return key;
        }

        @Override
        public byte[] body() {
            return body;
        }

        @Override
        public String contentType() {
            return contentType;
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public long sentAtMillis() {
            return 0;
        }

        @Override
        public long deliverAtMillis() {
            return 0;
        }

        @Override
        public int deliveryCount() {
            return 1;
        }

        @Override
        public Lane lane() {
            return lane;
        }

        @Override
        public void attemptStarting(int attempt) {}

        @Override
        public <V> Optional<V> unwrap(Class<V> type) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return id + "@" + position;
        }
    }

    /** A retryable failure of the connection. */
    public static MessagingException down() {
        return new MessagingException(io.anymq.ErrorCode.UNAVAILABLE, "the broker is away", true, null);
    }
}
