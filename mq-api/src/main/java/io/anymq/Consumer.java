package io.anymq;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A running consumer of one {@link Source}. Thread-safe. Started by {@link ConsumerBuilder#start}.
 *
 * <p>{@link #close()} stops the intake, lets running handlers finish, settles, and hands back what was not started;
 * nothing is dead-lettered by it and no attempt is spent.
 */
public interface Consumer extends AutoCloseable {
    /** Starts no more handlers until {@link #resume()}; those running finish. Connections stay alive. */
    void pause();

    /** Goes on after {@link #pause()}. */
    void resume();

    /** Whether it is paused. */
    boolean isPaused();

    /** What it reads. */
    Source source();

    /** Messages taken from the broker and not settled yet. */
    int inFlight();

    /** Keys whose messages go straight to the dead letter because one of them did; see PARK_KEY. */
    Set<String> parkedKeys();

    /** Handles messages of this key again. */
    void resumeKey(String key);

    /** Whether it is receiving. */
    Health health();

    /** The vendor's own receiver, such as Kafka's {@code Consumer}; empty where there is none of that type. */
    <V> Optional<V> unwrap(Class<V> type);

    /** Closes within the drain time-out of its builder (default 30 s). Idempotent. */
    @Override
    void close();

    /** Closes with a bound of one's own; handlers still running then are interrupted and their messages handed back. */
    void close(Duration timeout);
}
