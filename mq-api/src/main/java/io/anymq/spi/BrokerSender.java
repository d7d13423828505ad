package io.anymq.spi;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends to one address. Thread-safe. Asynchronous: {@link #send} hands the messages over and returns; outcomes are
 * reported on the messages. It re-sends on its own only where the broker removes the duplicate (Kafka's idempotent
 * producer); everything else is for the engine to decide.
 */
public interface BrokerSender {
    /**
     * Sends the messages in list order. Called from any thread, several at once; messages of one key from one thread must
     * be stored in the order of the calls. May block briefly for a buffer, never longer than the send time-out; throws
     * nothing: an error is the outcome of the messages it concerns. The list belongs to the caller again when this
     * returns. A message that was confirmed survives what {@link Capability#DURABLE} says.
     */
    void send(List<? extends OutboundMessage> messages);

    /** As {@link #send(List)} for one message, where that can be done without a list. */
    default void send(OutboundMessage message) {
        send(List.of(message));
    }

    /** The vendor's own sender, if it is of this type. */
    <V> Optional<V> unwrap(Class<V> type);

    /**
     * Waits at most {@code timeout} for outstanding outcomes; reports what is left as UNKNOWN. Idempotent; throws
     * nothing.
     */
    void close(Duration timeout);
}
