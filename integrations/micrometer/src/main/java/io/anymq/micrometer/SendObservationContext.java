package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Destination;
import io.anymq.Message;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;

/**
 * What is known of a send: by a producer, or by a handler through its delivery. The carrier is the map of headers that
 * are added to the message. Used by one thread at a time.
 */
@API(API.Status.EVOLVING)
public final class SendObservationContext extends SenderContext<Map<String, String>> {
    private final Destination destination;
    private final Message<?> message;
    private final String system;
    private final String boundedDestination;

    SendObservationContext(
            Destination destination,
            Message<?> message,
            String system,
            String boundedDestination,
            Map<String, String> carrier,
            boolean keepsContext) {
        super(
                (headers, name, value) -> {
                    if (headers != null && !keepsContext) {
                        headers.put(name, value);
                    }
                },
                Kind.PRODUCER);
        this.destination = destination;
        this.message = message;
        this.system = system;
        this.boundedDestination = boundedDestination;
        setCarrier(carrier);
        setRemoteServiceName(system);
    }

    /** Where the message goes. */
    public Destination destination() {
        return destination;
    }

    /** The message; its id is assigned already. Conventions must not show its body. */
    public Message<?> message() {
        return message;
    }

    /** The scheme of the broker's URL, such as {@code kafka}. */
    public String system() {
        return system;
    }

    /** The destination's name as a low-cardinality value: {@code other} beyond the limit. */
    public String boundedDestination() {
        return boundedDestination;
    }
}
