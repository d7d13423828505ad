package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.Queue;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * What is known of one try to publish a dead letter. What a tracing bridge writes into the carrier stays there: the letter
 * keeps the context of its sender, and {@code anymq-failure-traceparent} says where it failed first. Used by one thread at
 * a time.
 */
@API(API.Status.EVOLVING)
public final class DeadLetterObservationContext extends SenderContext<Map<String, String>> {
    private final WeakReference<Delivery<?>> delivery;
    private final Queue queue;
    private final DeadLetterReason reason;
    private final String system;
    private final String boundedSource;

    DeadLetterObservationContext(
            Delivery<?> delivery, Queue queue, DeadLetterReason reason, String system, String boundedSource) {
        super(
                (headers, name, value) -> {
                    if (headers != null) {
                        headers.put(name, value);
                    }
                },
                Kind.PRODUCER);
        this.delivery = new WeakReference<>(delivery);
        this.queue = queue;
        this.reason = reason;
        this.system = system;
        this.boundedSource = boundedSource;
        setCarrier(new HashMap<>());
        setRemoteServiceName(system);
    }

    /**
     * The message that was given up; its body cannot be read if it could not be decoded, and must not be shown. Throws
     * {@link IllegalStateException} after the observation if nothing else holds the message any more.
     */
    public Delivery<?> delivery() {
        Delivery<?> present = delivery.get();
        if (present == null) {
            throw new IllegalStateException(
                    "the dead letter was published, and its message is gone; read it while the observation lasts");
        }
        return present;
    }

    /** The dead-letter queue. */
    public Queue queue() {
        return queue;
    }

    /** Why it was given up. */
    public DeadLetterReason reason() {
        return reason;
    }

    /** The scheme of the broker's URL, such as {@code kafka}. */
    public String system() {
        return system;
    }

    /** The path of the source as a low-cardinality value: {@code other} beyond the limit. */
    public String boundedSource() {
        return boundedSource;
    }
}
