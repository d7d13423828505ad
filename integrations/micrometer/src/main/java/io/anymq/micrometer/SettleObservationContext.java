package io.anymq.micrometer;

import io.anymq.API;
import io.anymq.Source;
import io.micrometer.observation.Observation;

/**
 * What is known of a settlement: from the end of the last attempt, or from the confirmed dead letter, until the broker was
 * told. Used by one thread at a time.
 */
@API(API.Status.EVOLVING)
public final class SettleObservationContext extends Observation.Context {
    private final Source source;
    private final String messageId;
    private final String system;
    private final String boundedSource;

    SettleObservationContext(Source source, String messageId, String system, String boundedSource) {
        this.source = source;
        this.messageId = messageId;
        this.system = system;
        this.boundedSource = boundedSource;
    }

    /** Where the message was read. */
    public Source source() {
        return source;
    }

    /** The id of the message. */
    public String messageId() {
        return messageId;
    }

    /** The scheme of the broker's URL, such as {@code kafka}. */
    public String system() {
        return system;
    }

    /** The source's path as a low-cardinality value: {@code other} beyond the limit. */
    public String boundedSource() {
        return boundedSource;
    }
}
