package io.anymq.spi;

import io.anymq.API;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends to one address. Thread-safe. Asynchronous: {@link #send} hands a message over and returns; its outcome is
 * reported on the message. It re-sends on its own only where the broker removes the duplicate (Kafka's idempotent
 * producer); everything else is for the engine to decide. The engine keeps the book of outstanding sends: it bounds
 * their number and their time, waits for them before a close, and reports UNKNOWN where no outcome came. An adapter
 * needs no second one.
 */
@API(API.Status.EVOLVING)
public interface BrokerSender {
    /**
     * Sends a message. Called from any thread, several at once; messages of one key from one thread must be stored in
     * the order of the calls. May block briefly for a buffer, never longer than {@link SenderOptions#outcomeWithin()};
     * throws nothing: an error is the outcome of the message. The message may be kept until its outcome is reported. A
     * message that was confirmed survives what {@link Capability#DURABLE} says.
     */
    void send(OutboundMessage message);

    /** The vendor's own sender, if it is of this type; empty by default. Any thread; does not block, throws nothing. */
    default <V> Optional<V> unwrap(Class<V> type) {
        return Optional.empty();
    }

    /**
     * Stops, and releases its resources within {@code timeout}, by force if need be. Called once, on any thread, after
     * the engine has waited for outstanding outcomes; sends that cross it are refused as CLOSED. A message without an
     * outcome when this returns gets UNKNOWN from the engine; a later report is ignored. Throws nothing.
     */
    void close(Duration timeout);
}
