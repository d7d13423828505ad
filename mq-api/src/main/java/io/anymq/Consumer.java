package io.anymq;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A running consumer of one {@link Source}. Thread-safe. Started by {@link ConsumerBuilder#start}.
 *
 * <p>{@link #close()} stops the intake, lets running handlers finish, settles, and returns messages that were not
 * started; nothing is dead-lettered by it and no attempt is spent.
 */
@API(API.Status.STABLE)
public interface Consumer extends AutoCloseable {
    /** Starts no more handlers until {@link #resume()}; those running finish. Connections stay alive. */
    void pause();

    /** Goes on after {@link #pause()}. */
    void resume();

    /** Whether it is paused. */
    boolean isPaused();

    /** The queue or subscription it reads. */
    Source source();

    /** Messages taken from the broker and not settled yet. */
    int inFlight();

    /**
     * How many messages that can be handled now it holds at most at present: about what its handlers finish in a
     * second, within the limits of its {@link io.anymq.policy.FlowControl}.
     */
    int window();

    /**
     * Messages that it holds behind one of their key that waits for its next attempt; 0 unless its source has per-key
     * order. They are counted in {@link #inFlight()}, too.
     */
    int blocked();

    /**
     * Keys whose messages go straight to the dead letter because one of them did; see {@link
     * io.anymq.policy.DeadLetterPolicy.Then#PARK_KEY}.
     */
    Set<String> parkedKeys();

    /**
     * Handles messages of this key again: the gap is accepted, or was repaired elsewhere. A key that is not parked is
     * ignored. With a {@link io.anymq.policy.ParkedKeyStore} it fails with {@link ErrorCode#UNAVAILABLE} if the store
     * does; the key stays parked then.
     */
    void resumeKey(String key);

    /** Whether it is receiving, and whether what it depends on works: store, executor, dead-letter queue. */
    Health health();

    /** The vendor's own receiver, such as Kafka's {@code Consumer}; empty where there is none of that type. */
    <V> Optional<V> unwrap(Class<V> type);

    /**
     * Ends when this consumer has: normally after a close, or with the {@link MessagingException} that stopped it, such
     * as a policy's STOP or a broker that refuses it permanently. Each call returns a separate future. Its stages run on
     * a thread of the client and may close the client.
     *
     * <pre>{@code
     * consumer.whenClosed().whenComplete((closed, failure) -> client.close());
     * }</pre>
     */
    CompletableFuture<Void> whenClosed();

    /** Closes within the drain time-out of its builder (default 30 s), see {@link #close(Duration)}. Idempotent. */
    @Override
    void close();

    /**
     * Closes with an explicit time-out; handlers still running then are interrupted and their messages handed back.
     * Returns when the consumer is closed, at most a second after the time-out; what an adapter or a handler does for
     * longer goes on in the background.
     *
     * <p>May be called anywhere. In one of this consumer's own handlers, and in a stage of a future of this client, it
     * returns at once, because the close waits for them: the message is settled when its handler ends, and
     * {@link #whenClosed} tells when the consumer is closed. In a stage that an asynchronous handler has returned, it
     * returns at the time-out, and the message is settled when the stage completes soon after.
     */
    void close(Duration timeout);
}
