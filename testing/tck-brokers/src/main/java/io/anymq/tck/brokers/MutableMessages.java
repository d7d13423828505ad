package io.anymq.tck.brokers;

import java.time.Duration;
import java.util.List;

/**
 * Messages as one broker stores them, read, changed and stored again past AnyMQ, with the vendor's plain client or with
 * its protocol. Used by one thread.
 *
 * @param <M> one message as it is stored, with all that its producer decides
 */
public interface MutableMessages<M> extends AutoCloseable {
    /** Everything in a queue. */
    List<M> read(String queue) throws Exception;

    /**
     * A copy with one or a few changes: fields of the broker dropped, doubled, retyped or with values at their limits,
     * odd keys, headers of AnyMQ's own with any value, bodies cut or garbled, lengths and compressions that are claimed.
     * Left alone is what makes the broker itself keep a message from the queue, such as a delay or an expiry that is
     * near.
     */
    M mutated(M original, Mutations by);

    /** A copy with the header {@link StoredMessagesContract#NUMBER}, if it can have one. */
    M numbered(M message, int number);

    /** Stores it, in whichever part of the queue it says; false if the vendor's client or the broker refuses it. */
    boolean store(String queue, M message) throws Exception;

    /**
     * The number of messages in a queue without consumers, as the broker sees it; waits until there are {@code expected}
     * or the bound is over. Messages may be taken out.
     */
    int held(String queue, int expected, Duration bound) throws Exception;

    /** All that a person needs to store it again; payloads cut short. */
    String described(M message);

    @Override
    void close();
}
