package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Interceptor;
import io.anymq.Queue;
import io.anymq.Source;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;

/**
 * What is known of one message that is sent back to where it failed. It belongs to the trace of the message, which is read
 * from the carrier: its headers, which stay as they are. Used by one thread at a time.
 */
@API(API.Status.EVOLVING)
public final class RedriveObservationContext extends ReceiverContext<Map<String, String>> {
    private final Interceptor.RedriveContext redrive;
    private final String system;
    private final String boundedSource;

    RedriveObservationContext(Interceptor.RedriveContext redrive, String system, String boundedSource) {
        super((headers, name) -> headers.get(name), Kind.PRODUCER);
        this.redrive = redrive;
        this.system = system;
        this.boundedSource = boundedSource;
        setCarrier(redrive.headers());
        setRemoteServiceName(system);
    }

    /** The dead-letter queue it comes from. */
    public Queue deadLetter() {
        return redrive.deadLetter();
    }

    /** Where it goes back to. */
    public Source origin() {
        return redrive.origin();
    }

    /** The id of the message. */
    public String messageId() {
        return redrive.messageId();
    }

    /** The headers of the dead letter, without AnyMQ's own; unmodifiable. */
    public Map<String, String> headers() {
        return redrive.headers();
    }

    /** How many times it has been sent back, this one included. */
    public long redrives() {
        return redrive.redrives();
    }

    /** The scheme of the broker's URL, such as {@code kafka}. */
    public String system() {
        return system;
    }

    /** The path of the origin as a low-cardinality value: {@code other} beyond the limit. */
    public String boundedSource() {
        return boundedSource;
    }
}
