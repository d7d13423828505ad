package io.anymq;

import java.util.Optional;

/**
 * The broker's promise that it has the message. How strong that promise is (replicated, fsynced) is said in each
 * adapter's documentation. Made by the engine; an interface, so that tests of applications can make their own. Immutable
 * and thread-safe.
 *
 * <pre>{@code
 * producer.send(order).thenAccept(receipt -> log.info("stored {}", receipt.messageId()));
 * }</pre>
 */
@API(API.Status.STABLE)
public interface Receipt {
    /** The id of the confirmed message. */
    String messageId();

    /** Where it was sent. */
    Destination destination();

    /** The vendor's own receipt, such as Kafka's {@code RecordMetadata}; empty where there is none of that type. */
    <V> Optional<V> unwrap(Class<V> type);
}
