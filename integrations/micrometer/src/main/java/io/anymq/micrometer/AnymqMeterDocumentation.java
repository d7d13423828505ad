package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/** Every meter of {@link AnymqMetrics} with its tags. Immutable. */
@API(API.Status.EVOLVING)
public enum AnymqMeterDocumentation implements MeterDocumentation {
    /** How long sends took, those of outputs, dead letters and redrives included. */
    SEND("anymq.producer.send", Meter.Type.TIMER, Tags.DESTINATION, Tags.OUTCOME, Tags.ERROR),
    /** Sends of a destination's producers that wait for their confirm. */
    PRODUCER_IN_FLIGHT("anymq.producer.in.flight", Meter.Type.GAUGE, Tags.DESTINATION),
    /** Keys whose sends are refused because one of them failed, until they are resumed. */
    BLOCKED_KEYS("anymq.producer.keys.blocked", Meter.Type.GAUGE, Tags.DESTINATION),
    /** How long the attempts of handlers took. */
    ATTEMPT("anymq.consumer.attempt", Meter.Type.TIMER, Tags.SOURCE, Tags.OUTCOME, Tags.ERROR),
    /** Failed attempts after which another one was planned. */
    RETRIES("anymq.consumer.retries", Meter.Type.COUNTER, Tags.SOURCE),
    /** Messages confirmed at their dead-letter queue. */
    DEAD_LETTERS("anymq.consumer.dead.letters", Meter.Type.COUNTER, Tags.SOURCE, Tags.QUEUE, Tags.REASON),
    /** Messages that were given up and dropped. */
    DISCARDED("anymq.consumer.discarded", Meter.Type.COUNTER, Tags.SOURCE, Tags.REASON),
    /** Duplicates that were recognized, whose handler was not called. */
    DUPLICATES("anymq.consumer.duplicates", Meter.Type.COUNTER, Tags.SOURCE),
    /** Messages settled at the broker. */
    SETTLED("anymq.consumer.settled", Meter.Type.COUNTER, Tags.SOURCE),
    /** Dead letters sent back to where they failed. */
    REDRIVEN("anymq.redrive.messages", Meter.Type.COUNTER, Tags.QUEUE, Tags.SOURCE),
    /** Messages taken from the broker and not settled. */
    IN_FLIGHT("anymq.consumer.in.flight", Meter.Type.GAUGE, Tags.SOURCE),
    /** Messages that can be handled now and are held at most. */
    WINDOW("anymq.consumer.window", Meter.Type.GAUGE, Tags.SOURCE),
    /** Messages behind one of their key that waits for its next attempt. */
    BLOCKED("anymq.consumer.blocked", Meter.Type.GAUGE, Tags.SOURCE),
    /** Keys whose messages go straight to the dead letter. */
    PARKED_KEYS("anymq.consumer.keys.parked", Meter.Type.GAUGE, Tags.SOURCE),
    /** 2 for UP, 1 for DEGRADED, 0 for DOWN; of several consumers the worst. */
    HEALTH("anymq.consumer.health", Meter.Type.GAUGE, Tags.SOURCE),
    /**
     * Seconds since the message was sent whose first attempt began last, while messages are in flight; 0 without any.
     */
    BACKLOG_AGE("anymq.consumer.backlog.age", Meter.Type.GAUGE, Tags.SOURCE);

    /** The tags of the meters. */
    @API(API.Status.EVOLVING)
    public enum Tags implements KeyName {
        /** The queue or topic that was sent to. */
        DESTINATION("destination"),
        /** The queue, or {@code topic/subscription}, that is read. */
        SOURCE("source"),
        /** The dead-letter queue. */
        QUEUE("queue"),
        /** Why a message was given up: a {@link io.anymq.DeadLetterReason}. */
        REASON("reason"),
        /** {@code confirmed}, {@code rejected} or {@code unknown} of a send; {@code success} or {@code failure}. */
        OUTCOME("outcome"),
        /** The {@link io.anymq.ErrorCode}, or the simple name of what was thrown; {@code none} without a failure. */
        ERROR("error");

        private final String key;

        Tags(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    private final String meter;
    private final Meter.Type type;

    @SuppressWarnings("ImmutableEnumChecker") // an array that is never changed
    private final Tags[] tags;

    AnymqMeterDocumentation(String meter, Meter.Type type, Tags... tags) {
        this.meter = meter;
        this.type = type;
        this.tags = tags;
    }

    @Override
    public String getName() {
        return meter;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public KeyName[] getKeyNames() {
        return tags.clone();
    }
}
