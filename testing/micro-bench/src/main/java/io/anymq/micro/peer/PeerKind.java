package io.anymq.micro.peer;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The peers that are measured, and what each of them promises: a figure without that says little. */
@SuppressWarnings("ImmutableEnumChecker") // records of strings, and constructors
public enum PeerKind {
    /** AnyMQ as it comes: per-key order, retry, dead letter. */
    ANYMQ("AnyMQ in-memory", Promises.ANYMQ, () -> new AnyMqPeer(Queue.of("micro"), false)),
    /** AnyMQ where the order does not matter. */
    ANYMQ_UNORDERED(
            "AnyMQ in-memory, unordered",
            new Promises("yes", "yes, in batches", "none", "by messages and bytes", "in and out"),
            () -> new AnyMqPeer(Queue.of("micro").unordered(), false)),
    /** AnyMQ with each message handled once in effect. */
    ANYMQ_IDEMPOTENT("AnyMQ in-memory, idempotent", Promises.ANYMQ, () -> new AnyMqPeer(Queue.of("micro"), true)),
    /** With Micrometer's meters. */
    ANYMQ_METERS("AnyMQ in-memory, meters", Promises.ANYMQ, () -> observed(Observability::meters)),
    /** With Micrometer's observations, of which a bridge makes spans. */
    ANYMQ_OBSERVATIONS(
            "AnyMQ in-memory, observations with spans", Promises.ANYMQ, () -> observed(Observability::observations)),
    /** With the spans and the metrics of OpenTelemetry. */
    ANYMQ_OPENTELEMETRY("AnyMQ in-memory, OpenTelemetry", Promises.ANYMQ, () -> observed(Observability::openTelemetry)),
    /** The JDK's bounded queue. */
    ARRAY_BLOCKING_QUEUE(
            "ArrayBlockingQueue, message and future",
            new Promises("yes", "no", "one handler", "by messages", "no"),
            ArrayBlockingQueuePeer::new),
    /** Vert.x' local event bus. */
    VERTX("Vert.x local event bus", new Promises("no", "no", "one handler", "no", "in"), VertxPeer::new),
    /** Guava's event bus with a thread of its own: without one it is a method call. */
    GUAVA("Guava AsyncEventBus", new Promises("no", "no", "one handler", "no", "no"), GuavaPeer::new),
    /** Reactor's sink for one subscriber on another thread. */
    REACTOR("Reactor Sinks, unicast", new Promises("no", "no", "one handler", "by messages", "no"), ReactorPeer::new),
    /** The ring of the LMAX Disruptor. */
    DISRUPTOR("LMAX Disruptor", new Promises("no", "no", "one handler", "by messages", "no"), DisruptorPeer::new),
    /** ActiveMQ Classic's broker in the same JVM. */
    ACTIVEMQ(
            "ActiveMQ Classic vm://",
            new Promises("no (non-persistent)", "yes, in batches", "one handler", "by bytes", "in and out"),
            () -> new ActiveMqPeer(false)),
    /** The same with the guarantees of AnyMQ's sender. */
    ACTIVEMQ_CONFIRMED(
            "ActiveMQ Classic vm://, confirmed",
            new Promises("yes", "yes, in batches", "one handler", "by bytes", "in and out"),
            () -> new ActiveMqPeer(true)),
    /** Artemis in the same JVM, over its core protocol. */
    ARTEMIS(
            "Artemis in-VM",
            new Promises("no (non-durable)", "yes, in batches", "one handler", "by bytes", "in and out"),
            () -> new ArtemisPeer(false)),
    /** The same with the guarantees of AnyMQ's sender. */
    ARTEMIS_CONFIRMED(
            "Artemis in-VM, confirmed",
            new Promises("yes", "yes, in batches", "one handler", "by bytes", "in and out"),
            () -> new ArtemisPeer(true));

    /**
     * A peer's guarantees as it is used here.
     *
     * @param confirm whether the sender learns that the message is stored
     * @param ack whether a message whose handler fails comes again
     * @param order how many handlers run at once, and in which order
     * @param bounded whether a backlog ends by holding up the sender
     * @param copies whether the body is copied, so that later changes have no effect
     */
    public record Promises(String confirm, String ack, String order, String bounded, String copies) {
        private static final Promises ANYMQ = new Promises(
                "yes",
                "yes, in batches",
                "parallel handlers, each key in order",
                "by messages and bytes",
                "in and out");
    }

    private static Peer observed(UnaryOperator<MessagingClient.Builder> by) {
        return new AnyMqPeer(Queue.of("micro"), false, by);
    }

    /** Those with metrics or traces. */
    public static final List<PeerKind> OBSERVED = List.of(ANYMQ_METERS, ANYMQ_OBSERVATIONS, ANYMQ_OPENTELEMETRY);

    private final String title;
    private final Promises promises;
    private final Supplier<Peer> factory;

    PeerKind(String title, Promises promises, Supplier<Peer> factory) {
        this.title = title;
        this.promises = promises;
        this.factory = factory;
    }

    /** The name for readers. */
    public String title() {
        return title;
    }

    /** The meaning of a figure of this peer. */
    public Promises promises() {
        return promises;
    }

    /** Whether it is a whole server: much code, which takes the compiler long. */
    public boolean isServer() {
        return switch (this) {
            case ACTIVEMQ, ACTIVEMQ_CONFIRMED, ARTEMIS, ARTEMIS_CONFIRMED -> true;
            default -> false;
        };
    }

    /** Whether messages of one key may overtake each other. */
    public boolean mayReorder() {
        return this == ANYMQ_UNORDERED;
    }

    /** A new one, not yet open. */
    public Peer create() {
        return factory.get();
    }
}
