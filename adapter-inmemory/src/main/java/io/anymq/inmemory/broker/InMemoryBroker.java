package io.anymq.inmemory.broker;

import io.anymq.MessagingException;
import io.anymq.TimeSource;
import io.anymq.spi.Address;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message broker inside this JVM. Thread-safe; without threads of its own.
 *
 * <p>A named one ({@code inmemory:orders}) is shared by all clients of the JVM that name it and keeps its queues,
 * topics, subscriptions and messages when they close, until the JVM ends or {@link #shutdown()} is called. A private
 * one ({@code inmemory:}) belongs to one client and goes away with it.
 *
 * <p>Applications use it through {@link io.anymq.MessagingClient}. This class is for operators, who monitor {@link
 * #metrics()}, and for tests, which read stored messages and cause faults:
 *
 * <pre>{@code
 * InMemoryBroker broker = InMemoryBroker.named("orders");
 * broker.disconnect("shop-1");          // its unsettled messages go to the other consumers
 * broker.stop();                        // every client is cut off, nothing is lost
 * broker.start();
 * assert broker.browse("orders-dead").isEmpty();
 * }</pre>
 */
public final class InMemoryBroker {
    private static final Map<String, InMemoryBroker> NAMED = new ConcurrentHashMap<>();

    private final String name;
    private final Limits limits;
    private final Exchanges exchanges;
    private final Set<ClientSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<String> isolated = ConcurrentHashMap.newKeySet();

    private InMemoryBroker(String name, Limits limits) {
        this.name = name;
        this.limits = limits;
        this.exchanges = new Exchanges(toString(), limits);
    }

    // ---- finding one

    /** The broker of this name; made with {@link Limits#DEFAULT} when there is none. */
    public static InMemoryBroker named(String name) {
        return named(name, Limits.DEFAULT);
    }

    /** The broker of this name; made with {@code limits} when there is none, and as it is when there is one. */
    public static InMemoryBroker named(String name, Limits limits) {
        return NAMED.computeIfAbsent(name, absent -> new InMemoryBroker(absent, limits));
    }

    /** The broker of this name, if there is one. */
    public static Optional<InMemoryBroker> find(String name) {
        return Optional.ofNullable(NAMED.get(name));
    }

    /** A broker that only its maker can reach. */
    public static InMemoryBroker unnamed(Limits limits) {
        return new InMemoryBroker("", limits);
    }

    /** Its name, empty for a private one. */
    public String name() {
        return name;
    }

    /** Its bounds, fixed when it was made. */
    public Limits limits() {
        return limits;
    }

    // ---- faults

    /**
     * Cuts off every client and answers none until {@link #start()}. Stored messages stay, and messages that were
     * handed out and not settled is ready again at its old place. Senders get a retryable UNAVAILABLE (REJECTED:
     * nothing was stored), as do calls that connect, provision or receive. Idempotent.
     */
    public void stop() {
        PendingSend.reject(exchanges.halt(), Failures.stopped(toString()));
    }

    /** Answers again after {@link #stop()}. Idempotent; does nothing after {@link #shutdown()}. */
    public void start() {
        exchanges.start();
    }

    /** Stops permanently and forgets everything; the name is free again. Idempotent. */
    public void shutdown() {
        NAMED.remove(name, this);
        PendingSend.reject(exchanges.clear(), Failures.stopped(toString()));
    }

    /** Whether it answers. */
    public boolean running() {
        return exchanges.running();
    }

    /** The names of the connected clients. */
    public Set<String> clients() {
        Set<String> names = new java.util.TreeSet<>();
        sessions.forEach(session -> names.add(session.clientName()));
        return names;
    }

    /**
     * Breaks the connections of this client, as a crash or a network fault would: messages it received and did not
     * settle is ready again at its old place, sends that wait for room end as UNKNOWN, its receivers fail with a
     * retryable UNAVAILABLE. It may open new ones at once.
     *
     * @return how many connections there were
     */
    public int disconnect(String clientName) {
        int found = 0;
        for (ClientSession session : sessions) {
            if (session.clientName().equals(clientName)) {
                found++;
                exchanges.cut(session);
            }
        }
        return found;
    }

    /** Like {@link #disconnect}, and refuses this client with a retryable UNAVAILABLE until {@link #rejoin}. */
    public void isolate(String clientName) {
        mark(clientName, true);
        disconnect(clientName);
    }

    /** Ends {@link #isolate}. */
    public void rejoin(String clientName) {
        mark(clientName, false);
    }

    private synchronized void mark(String clientName, boolean cutOff) {
        if (cutOff) {
            isolated.add(clientName);
        } else {
            isolated.remove(clientName);
        }
        for (ClientSession session : sessions) {
            if (session.clientName().equals(clientName)) {
                session.isolate(cutOff);
            }
        }
    }

    // ---- looking in

    /** All queues and subscriptions, by path. */
    public List<QueueMetrics> metrics() {
        return exchanges.metrics();
    }

    /** One queue ({@code orders}) or subscription ({@code signups/welcome-mail}); empty when there is none. */
    public Optional<QueueMetrics> metrics(String path) {
        return exchanges.inside(path, MessageQueue::metrics);
    }

    /**
     * Copies of all that a queue ({@code orders}) or subscription ({@code signups/welcome-mail}) holds, changing
     * nothing: ready and in flight in their order, then delayed by due time. Empty when there is no such queue. Copies
     * every body; meant for tests and small queues.
     */
    public List<StoredMessage> browse(String path) {
        return exchanges.inside(path, MessageQueue::browse).orElse(List.of());
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "private in-memory broker" : "in-memory broker '" + name + "'";
    }

    // ---- for the adapter

    /**
     * Connects a client.
     *
     * @throws MessagingException UNAVAILABLE while stopped, or while the client is isolated
     */
    public Session connect(String clientName, TimeSource time) {
        ClientSession session = new ClientSession(this, clientName, time);
        synchronized (this) {
            exchanges.requireRunning();
            if (isolated.contains(clientName)) {
                throw Failures.disconnected(toString(), clientName);
            }
            sessions.add(session);
        }
        return session;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    void forget(ClientSession session) {
        exchanges.cut(session);
        sessions.remove(session);
    }

    // ---- values

    /**
     * The bounds of a broker. Immutable.
     *
     * @param queueMessages messages a queue or a subscription holds, at least 1; then senders wait
     * @param queueBytes bytes it holds, bodies and headers and about 128 for each message; then senders wait
     * @param lanes lanes of a queue with per-key order, at least 1: the most consumers that share its work
     * @param maxBodyBytes largest body it takes
     */
    public record Limits(int queueMessages, long queueBytes, int lanes, int maxBodyBytes) {
        /** 100,000 messages and 256 MiB a queue, 16 lanes, bodies up to 16 MiB. */
        public static final Limits DEFAULT = new Limits(100_000, 256L << 20, 16, 16 << 20);

        /** Throws {@link IllegalArgumentException} for a bound below 1. */
        public Limits {
            if (queueMessages < 1 || queueBytes < 1 || lanes < 1 || maxBodyBytes < 1) {
                throw new IllegalArgumentException("every limit of an in-memory broker must be at least 1");
            }
        }
    }

    /** The state of a stored message. */
    public enum State {
        /** For a receiver. */
        READY,
        /** For its settlement. */
        IN_FLIGHT,
        /** For its time. */
        DELAYED
    }

    /**
     * Waits until receivers have nothing left to do: no message is ready or in flight in a queue or subscription that
     * has a receiver. Messages that wait for their time do not count, nor do those that nothing receives, such as dead
     * letters. A message that waits for its next attempt is in flight. For tests; looks about every millisecond.
     *
     * <pre>{@code
     * producer.send(order).join();
     * broker.awaitIdle(Duration.ofSeconds(10));
     * assert shipped.contains(order);
     * }</pre>
     *
     * @throws IllegalStateException after {@code timeout}, with what is left, or if the thread is interrupted
     */
    public void awaitIdle(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<QueueMetrics> busy = busy();
        while (!busy.isEmpty()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for " + this + " to be idle");
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException(busy.stream()
                        .map(queue ->
                                queue.path() + ": " + queue.ready() + " ready, " + queue.inFlight() + " in flight")
                        .collect(Collectors.joining("; ", "not idle after " + timeout + ": ", "")));
            }
            LockSupport.parkNanos(this, 1_000_000);
            busy = busy();
        }
    }

    private List<QueueMetrics> busy() {
        return metrics().stream()
                .filter(queue -> queue.receivers() > 0 && queue.ready() + queue.inFlight() > 0)
                .toList();
    }

    /**
     * A copy of a stored message.
     *
     * @param id the message id
     * @param key the ordering key, or null
     * @param body a copy of the encoded body
     * @param contentType the body's content type
     * @param headers all headers, AnyMQ's own among them
     * @param sentAtMillis when it was sent, milliseconds since 1970
     * @param deliverAtMillis not before this, milliseconds since 1970; 0 for at once
     * @param attempts how often it was given to a handler
     * @param state the state it is in
     */
    @SuppressWarnings("ArrayRecordComponent") // Two copies are never compared.
    public record StoredMessage(
            String id,
            @Nullable String key,
            byte[] body,
            String contentType,
            Map<String, String> headers,
            long sentAtMillis,
            long deliverAtMillis,
            int attempts,
            State state) {}

    /**
     * A queue or subscription at one moment.
     *
     * @param path the queue's name, or {@code topic/subscription}
     * @param ready messages that wait for a receiver
     * @param inFlight messages handed out and not settled
     * @param delayed messages that wait for their time
     * @param bytes what all of them take
     * @param waitingSends sends that wait for room (of a topic: in any of its subscriptions)
     * @param receivers open receivers
     * @param accepted messages stored since it was made
     * @param settled messages acknowledged since it was made
     * @param redelivered times a message was made ready again, by a receiver that was closed or lost, or by a moved
     *     lane
     */
    public record QueueMetrics(
            String path,
            int ready,
            int inFlight,
            int delayed,
            long bytes,
            int waitingSends,
            int receivers,
            long accepted,
            long settled,
            long redelivered) {}

    // ---- operations of a connected client; implemented by the broker, used by the adapter

    /** One client's connection. Thread-safe. Everything throws a retryable UNAVAILABLE while the broker is stopped. */
    public interface Session {
        /** The broker connected to. */
        InMemoryBroker broker();

        /** Checks that the address exists with the ordering declared, and creates it if asked: NOT_FOUND, MISMATCH. */
        void declare(Address address, boolean create);

        /** Opens the way to a queue, a topic, or back to one source; sends wait for room up to {@code patience}. */
        Publisher publisher(Address address, Duration patience);

        /** Joins the receivers of a queue or subscription. */
        Subscriber subscribe(Address address, LaneListener listener);

        /** Looks at what a queue or subscription holds from now on. */
        Browser browse(Address address);

        /** Whether the broker answers this client. */
        boolean reachesBroker();

        /** Leaves and releases its messages. Idempotent. */
        void close();
    }

    /** A look at one queue. Single-threaded; holds nothing that must be released. */
    public interface Browser {
        /** Like {@link io.anymq.spi.BrokerBrowser#next}. */
        List<? extends InboundMessage> next(int max);
    }

    /** Stores messages and reports their outcome on them. Thread-safe. */
    public interface Publisher {
        /** Stores one message, or lets it wait for room as long as its patience lasts. */
        void publish(OutboundMessage message);

        /** Refuses what still waits for room. */
        void close();
    }

    /** One receiver. Single-threaded but for {@link #wakeup()}. */
    public interface Subscriber {
        /** Like {@link io.anymq.spi.BrokerReceiver#receive}. */
        List<? extends InboundMessage> take(int max, Duration wait);

        /** Permanently removes messages that were handed to this receiver; others are ignored. */
        void settle(List<? extends InboundMessage> messages);

        /** The lanes owned now. */
        Collection<Lane> lanes();

        /** Hands out nothing of a lane that is owned, or does so again. */
        void pause(Lane lane, boolean paused);

        /** Makes {@link #take} return soon; from any thread. */
        void wakeup();

        /** Gives everything up. Idempotent. */
        void leave();
    }
}
