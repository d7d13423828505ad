package io.anymq.spi;

import io.anymq.MessagingException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Receives from one address and settles. <b>Single-threaded</b>: every method but {@link #wakeup()} and {@link #unwrap}
 * is called on the one thread that opened it, so an adapter needs neither locks nor threads here.
 */
public interface BrokerReceiver {
    /**
     * Waits up to {@code wait} for messages and returns at most {@code max} of them, in lane order; an empty list when
     * there are none or after {@link #wakeup()}. With {@code max} 0 it hands out nothing but still does what keeps the
     * membership alive (Kafka's poll); the engine calls it at least once a second. Prefetched messages stay with the
     * receiver.
     *
     * @throws MessagingException retryable: the engine closes this receiver and opens a new one after a pause; not
     *     retryable: the consumer stops and its health goes DOWN
     */
    List<? extends InboundMessage> receive(int max, Duration wait);

    /**
     * These messages are done. In any order within a lane; whatever else the broker wants (a contiguous prefix, a
     * multiple-acknowledge) is the adapter's business. It may be made durable later, but within 1 s, on {@link #close},
     * and before a revoked lane is given up. A message of a lane no longer owned is ignored.
     *
     * @throws MessagingException as {@link #receive}
     */
    void acknowledge(List<? extends InboundMessage> messages);

    /**
     * These messages are handed back, not done: the broker gives them out again, to whoever, at their old place in the
     * order, and counts no attempt beyond those that {@link InboundMessage#attemptStarting} announced. Where the broker
     * has no such call (Kafka) leaving them unacknowledged is enough.
     *
     * @throws MessagingException as {@link #receive}
     */
    void release(List<? extends InboundMessage> messages);

    /**
     * ATOMIC_CHAINING NATIVE: sends the outputs of each chain and settles its input, in one transaction for each chain or
     * in one for several; if a common one fails, none of its chains has taken place. Reports the outcome on every chain
     * before it returns. Blocks at most the operation time-out. Never called where the capability is not NATIVE.
     *
     * @throws MessagingException as {@link #receive}, when it is not known whether the transaction took place, too: the
     *     lanes are given up then, and the broker hands out again what was not settled
     */
    default void commit(List<? extends Chain> chains) {
        throw new UnsupportedOperationException("this adapter does not declare ATOMIC_CHAINING");
    }

    /**
     * Stops handing out messages of this lane until {@link #resume(Lane)}, without giving it up. Called for redelivery
     * addresses only (DELAY EMULATED).
     */
    void pause(Lane lane);

    /** Takes back {@link #pause(Lane)}; a lane no longer owned is ignored. */
    void resume(Lane lane);

    /** The lanes owned now. */
    Collection<Lane> lanes();

    /**
     * Makes a {@link #receive} that is waiting return soon. Called from any thread, when settlements are waiting or the
     * consumer closes. May do nothing if receive never waits longer than 100 ms by itself.
     */
    void wakeup();

    /** The vendor's own receiver, if it is of this type. */
    <V> Optional<V> unwrap(Class<V> type);

    /**
     * Makes acknowledgements durable, gives up the lanes and frees what it holds, within {@code timeout}. What was
     * received and neither acknowledged nor released becomes available again. Idempotent; throws nothing.
     */
    void close(Duration timeout);
}
