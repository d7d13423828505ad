package io.anymq;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Sends to one destination, asynchronously. Thread-safe; one thread's sends of one key keep their order.
 *
 * <p>At most {@link ProducerOptions#maxInFlight()} sends wait for their confirm. When the window is full, {@code send}
 * blocks up to {@link ProducerOptions#maxBlock()} and then fails with {@link ErrorCode#FULL}: that is the
 * back-pressure. Every send ends within {@link ProducerOptions#sendTimeout()}.
 *
 * <p>Failures arrive through the future, as {@link SendException}; {@code send} itself throws nothing. Stages that are
 * added before the send has ended run on a thread of the client, those of one producer one after another, and never
 * while AnyMQ holds a lock. They may block, but for that use the {@code …Async} methods: after a second, which is logged
 * once, later stages go on without the one that blocks. A send counts against the window until its stages have their
 * turn. Do not block on the future in a handler; use {@link Delivery#publish} there.
 *
 * <pre>{@code
 * Producer<Order> producer = client.producer(Queue.of("orders"), Order.class);
 * producer.send(Message.of(order).withKey(order.customer())).thenAccept(receipt -> …);
 * }</pre>
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
public interface Producer<T> extends AutoCloseable {
    /**
     * Sends a body without key and headers. Null, and a {@link Message} that is passed as a plain object, fail with
     * {@link ErrorCode#INVALID_MESSAGE}: a message is never sent as a body.
     */
    CompletableFuture<Receipt> send(T body);

    /** Sends a message; completes when the broker has confirmed it, or with a {@link SendException}. */
    CompletableFuture<Receipt> send(Message<? extends T> message);

    /**
     * Sends several; completes with one result per message, in the order given. Exceptionally only, with {@link
     * ErrorCode#INVALID_MESSAGE}, if the list itself is null or cannot be read: then nothing was sent.
     */
    CompletableFuture<List<SendResult>> sendBatch(List<? extends Message<? extends T>> messages);

    /** Completes when every send made before this call has ended, one way or the other. */
    CompletableFuture<Void> flush();

    /**
     * Keys whose last send failed; {@code "*"} stands for a destination with total order. At most 10,000: if more fail,
     * all keys are blocked until {@link #resume()}. With {@link ProducerOptions#retry()} a key is blocked only when a
     * send could not be repeated successfully within its time-out. Where the destination keeps an order, later sends of
     * such a key fail with {@link ErrorCode#KEY_BLOCKED}, so that a gap is never silent.
     */
    Set<String> blockedKeys();

    /**
     * Lets a blocked key send again. Call it first, then send the failed message once more (with its id, {@link
     * SendException#messageId()}) or go on without it. A key that is not blocked is ignored.
     */
    void resumeKey(String key);

    /** Like {@link #resumeKey} for all blocked keys, and the way to free a destination with total order. */
    void resume();

    /** Sends that wait for their confirm. */
    int inFlight();

    /** Where this producer sends. */
    Destination destination();

    /** The vendor's own sender, such as Kafka's {@code Producer}; empty where there is none of that type. */
    <V> Optional<V> unwrap(Class<V> type);

    /** Waits for sends in flight, at most 30 s; sends that have not ended by then end as UNKNOWN. */
    @Override
    void close();

    /** Like {@link #close()}, with an explicit time-out. */
    void close(Duration timeout);
}
