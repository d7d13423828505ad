package io.anymq;

import io.anymq.internal.DefaultClientBuilder;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigValues;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A connection to one broker and the entry to everything else. Thread-safe; make one per application and close it at
 * the end.
 *
 * <pre>{@code
 * Queue orders = Queue.of("orders");
 * try (MessagingClient client = MessagingClient.open()) {
 *     client.consumer(orders, String.class).start(d -> System.out.println(d.body()));
 *     client.producer(orders, String.class).send("hello").join();
 * }
 * }</pre>
 *
 * <p>{@link #open()} reads {@code anymq.properties} from the working directory or the class path; environment variables
 * ({@code ANYMQ_URL}) and system properties ({@code -Danymq.url=…}) override it. Without any, the broker is the
 * embedded in-memory one. Swapping the broker changes one line: {@code anymq.url}.
 */
@API(API.Status.STABLE)
public interface MessagingClient extends AutoCloseable {
    /**
     * Connects as configured. Throws {@link ConfigurationException} with all mistakes, or {@link MessagingException}.
     */
    static MessagingClient open() {
        return builder().open();
    }

    /** Connects to {@code url}, such as {@code inmemory:orders} or {@code kafka://localhost:9092}. */
    static MessagingClient connect(String url) {
        return builder().url(url).open();
    }

    /** For everything else. */
    static Builder builder() {
        return new DefaultClientBuilder();
    }

    /** A producer with the configured options. Provisions the destination as {@code anymq.provision} says. */
    default <T> Producer<T> producer(Destination destination, Class<T> type) {
        return producer(destination, TypeRef.of(type));
    }

    /** Like {@link #producer(Destination, Class)}, for a type with arguments. */
    <T> Producer<T> producer(Destination destination, TypeRef<T> type);

    /** A producer with options of its own. */
    default <T> Producer<T> producer(Destination destination, Class<T> type, ProducerOptions options) {
        return producer(destination, TypeRef.of(type), options);
    }

    /** Like {@link #producer(Destination, Class, ProducerOptions)}, for a type with arguments. */
    <T> Producer<T> producer(Destination destination, TypeRef<T> type, ProducerOptions options);

    /** The options that {@link #producer(Destination, Class)} uses; use them as a starting point for custom options. */
    ProducerOptions producerOptions();

    /** Begins a consumer; nothing is received before one of its {@code start} methods. */
    default <T> ConsumerBuilder<T> consumer(Source source, Class<T> type) {
        return consumer(source, TypeRef.of(type));
    }

    /**
     * Like {@link #consumer(Source, Class)}, for a type with arguments: {@code new TypeRef<List<Order>>() {}}. A
     * message that no codec can read as this type goes to the dead letter as UNDECODABLE.
     */
    <T> ConsumerBuilder<T> consumer(Source source, TypeRef<T> type);

    /**
     * Makes sure the source exists, so that messages sent from now on are kept for it, without consuming yet. Consumers
     * do this when they start.
     */
    void provision(Source source);

    /**
     * Sends the messages of a dead-letter queue back to where they failed: a queue, or the one subscription that
     * failed. Key, headers, id and time of sending are kept, and the order of a key; each is confirmed at its origin
     * before it leaves the dead-letter queue. A message that cannot go back stays and is in the report. Nothing is
     * created: the future fails with {@link ErrorCode#NOT_FOUND} if there is no such dead-letter queue. Short for {@code
     * deadLetters(deadLetter).redrive(options).report()}.
     */
    CompletableFuture<RedriveReport> redrive(Queue deadLetter, RedriveOptions options);

    /**
     * The letters of a dead-letter queue, to look at, redrive or discard. Asks the broker nothing yet, and creates
     * nothing.
     *
     * @param deadLetter the dead-letter queue, such as {@code orders-dead} or {@code signups-welcome-mail-dead}
     */
    DeadLetters deadLetters(Queue deadLetter);

    /**
     * The values of a library's own keys, those under {@code anymq.<prefix>.}, as they were read and checked when this
     * client was opened: {@code client.config("outbox").duration("poll-interval")}. For libraries that build on AnyMQ.
     *
     * @param prefix that of a {@link ConfigModule} on the class path
     * @throws IllegalArgumentException if no module has this prefix
     */
    ConfigValues config(String prefix);

    /**
     * Asks the broker, at most {@code timeout}, and looks at this client's own sends: if the broker answers but none of
     * the open sends to a destination has been confirmed for 3 s, or the last one failed less than 3 s ago for a reason
     * that may pass, the client is DEGRADED, and the detail says which and why. Never throws.
     */
    Health health(Duration timeout);

    /** The vendor's own client, such as Kafka's {@code Admin}; empty where there is none of that type. */
    <V> Optional<V> unwrap(Class<V> type);

    /**
     * Blocks until this client is closed: the last line of a program that only consumes. From the first call on, a JVM
     * that is asked to end (SIGTERM, Ctrl-C) closes the client first, so that running handlers finish and are settled;
     * the JVM ends when that is done, whether or not the caller's next lines have run. Without this call it ends at
     * once, and messages being handled come again.
     *
     * <p>A started consumer keeps the JVM alive until it is closed, unless {@code anymq.consumer.keep-alive} is false.
     * Nothing else of a client does.
     *
     * <pre>{@code
     * try (MessagingClient client = MessagingClient.open()) {
     *     client.consumer(orders, Order.class).start(this::ship);
     *     client.awaitShutdown();
     * }
     * }</pre>
     *
     * @throws InterruptedException if the calling thread is interrupted; the client stays open
     */
    void awaitShutdown() throws InterruptedException;

    /**
     * Like {@link #awaitShutdown()}, for {@code timeout} at most.
     *
     * @return true when the client is closed, false when the time is over
     */
    boolean awaitShutdown(Duration timeout) throws InterruptedException;

    /**
     * Closes consumers, then producers, then the connection; each with its bound. Idempotent: a second call waits for
     * the first. May be called anywhere: in a handler of one of its consumers and in a stage of one of its futures it
     * returns at once and goes on in the background, see {@link Consumer#close(Duration)}.
     */
    @Override
    void close();

    /** Collects what differs from the defaults. Not thread-safe; used once. */
    interface Builder {
        /** The broker; wins over every configuration source. */
        Builder url(String url);

        /** Reads this file instead of {@code anymq.properties}. */
        Builder configFile(Path file);

        /** Sets one configuration key, such as {@code anymq.retry.max-attempts}; wins over every other source. */
        Builder set(String key, String value);

        /**
         * Like {@link #set(String, String)}, for a framework that reads keys from a configuration of its own.
         *
         * <pre>{@code
         * builder.set("anymq.retry.max-attempts", "7", "application.yaml, line 12")
         * }</pre>
         *
         * @param origin where the value was set, as errors about it should say; never the value itself
         */
        Builder set(String key, String value, String origin);

        /**
         * Like {@link MessagingClient#config}, read from the settings so far: for a library that must know its
         * values before the client opens, such as one that adds an interceptor.
         *
         * @param prefix that of a {@link ConfigModule} on the class path
         * @throws IllegalArgumentException if no module has this prefix
         * @throws ConfigurationException with all mistakes in the modules' keys and the engine's
         */
        ConfigValues config(String prefix);

        /**
         * Maps a queue or topic to its name at the broker, such as {@code orders.placed.v1}; the same as
         * setting {@code anymq.names.queue.<name>} or {@code anymq.names.topic.<name>}. The code goes on using the
         * portable name. Each broker's page under {@code docs/brokers} lists the names it supports and what must exist
         * there; {@link #open()} throws {@link ConfigurationException} for a name that it cannot hold.
         *
         * <pre>{@code
         * builder.physicalName(Queue.of("orders-placed"), "orders.placed.v1")
         * }</pre>
         */
        Builder physicalName(Destination destination, String name);

        /**
         * Maps a subscription to what its consumers read at the broker: an existing consumer group (Kafka, RocketMQ) or
         * queue (RabbitMQ, ActiveMQ). The same as setting {@code anymq.names.subscription.<topic>/<subscription>}.
         */
        Builder physicalName(Subscription subscription, String name);

        /**
         * Adds a codec; it is preferred to those found on the class path.
         *
         * @throws ConfigurationException if another one with its content type was added, or the content type is not 1
         *     to 128 characters of printable ASCII
         */
        Builder codec(Codec codec);

        /** Adds an interceptor, inside those added before; {@link ConfigurationException} if it was added already. */
        Builder interceptor(Interceptor interceptor);

        /** Adds an observer; {@link ConfigurationException} if it was added already. */
        Builder observer(MessagingObserver observer);

        /** Adds an adapter that is not found on the class path; it is preferred to one of the same scheme there. */
        Builder adapter(BrokerAdapter adapter);

        /** Time for retries, delays and time-outs. Default: the system's. */
        Builder timeSource(TimeSource timeSource);

        /** Randomness for ids and jitter; used under a lock. Default: seeded by the system. */
        Builder random(RandomGenerator random);

        /** Where handlers run unless a consumer says otherwise. Not closed by AnyMQ. */
        Builder handlerExecutor(Executor executor);

        /** Connects, within {@code anymq.connect-timeout} (default 10 s). */
        MessagingClient open();
    }
}
