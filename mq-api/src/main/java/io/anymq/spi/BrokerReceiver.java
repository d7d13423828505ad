package io.anymq.spi;

import io.anymq.API;
import io.anymq.MessagingException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Receives from one address and settles. <b>Single-threaded</b>: every method but {@link #wakeup()} and {@link #unwrap}
 * is called on the one thread that opened it, so an adapter needs neither locks nor threads here.
 *
 * <p>A receiver never gets a message back while it is open: a message it handed out is either acknowledged, or becomes
 * available again when its lane is revoked or the receiver is closed.
 *
 * <p>Three methods are mandatory. Optional features have their own interfaces: {@link PausableReceiver}
 * (DELAY EMULATED) and {@link TransactionalReceiver} (ATOMIC_CHAINING NATIVE), which the engine checks once, when a
 * receiver is opened, against what {@link BrokerConnection#capabilities()} declares; {@link WindowedReceiver} adapts
 * how many messages are fetched in advance.
 */
@API(API.Status.EVOLVING)
public interface BrokerReceiver {
    /**
     * Waits up to {@code wait} for messages and returns at most {@code max} of them, in lane order; an empty list when
     * there are none or after {@link #wakeup()}. With {@code max} 0 it hands out nothing but still does what keeps the
     * membership alive (Kafka's poll). Prefetched messages stay with the receiver.
     *
     * <p>If the broker ends one of the receiver's consumers (a cancel, a deleted queue), this throws, or the adapter
     * mends it by itself: an empty list again and again would look like an empty queue.
     *
     * <p>The engine calls it at least once a second, never with a {@code wait} above 100 ms, and not while {@link
     * LaneListener#lanesRevoked} runs, which may block this thread for the drain time-out. A membership or lease that
     * does not outlive such a pause must be renewed by a thread of its own.
     *
     * @return a list that the adapter must not change afterwards; the engine keeps the messages, not the list
     * @throws MessagingException retryable: the engine takes back the attempts that are running, closes this receiver
     *     and opens a new one after a pause; not retryable: the consumer stops and its health goes DOWN
     * @throws HandlerTimeoutException the broker would not wait for a handler any longer: attempts that took so long count
     */
    List<? extends InboundMessage> receive(int max, Duration wait);

    /**
     * These messages are done. In any order within a lane; whatever else the broker wants (a contiguous prefix, a
     * multiple-acknowledge) is the adapter's business. Need not wait for the broker and must not block longer than the
     * operation time-out: the settlement may be made durable later, but within 1 s, on {@link #close}, and before a
     * revoked lane is given up. A message of a lane no longer owned is ignored.
     *
     * @param messages received from this receiver, each at most once; the list belongs to the engine again when this
     *     returns
     * @throws MessagingException as {@link #receive}
     */
    void acknowledge(List<? extends InboundMessage> messages);

    /**
     * Whether 100 more messages of this lane can be acknowledged in any places while earlier ones of it are not, and all
     * that survives {@link #close}. A log with one committed offset may remember a limited number of such places. True by
     * default. Asked by redrives and discards, which leave some messages and take others; throws nothing.
     */
    default boolean remembersGaps(Lane lane) {
        return true;
    }

    /**
     * Whether there may be messages that it cannot hand out until others are acknowledged that it has handed out, because
     * it has fetched as many as it may. False by default, for receivers that go on however many are not acknowledged.
     * Asked by redrives and discards, which leave messages unacknowledged on purpose; throws nothing.
     */
    default boolean isStalled() {
        return false;
    }

    /**
     * Makes a {@link #receive} that is waiting return soon. Called from any thread, when settlements are waiting or the
     * consumer closes; must not block and throws nothing. Doing nothing, as by default, is legal and delays a
     * settlement or a close by at most the 100 ms that a receive waits.
     */
    default void wakeup() {}

    /**
     * The vendor's own receiver, if it is of this type; by default none. Called from any thread, also while another one
     * is in {@link #receive}; must not block and throws nothing.
     */
    default <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }

    /**
     * Makes acknowledgements durable, gives up the lanes and releases its resources, within {@code timeout} or by
     * force. Received messages that were not acknowledged become available again at their old place in the order,
     * whether a handler has seen it or not, and spends no attempt beyond those that {@link InboundMessage#attempts}
     * announced. Called on the receiver's thread, which may be interrupted. Idempotent; throws nothing.
     */
    void close(Duration timeout);
}
