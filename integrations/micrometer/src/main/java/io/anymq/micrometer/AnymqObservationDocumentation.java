package io.anymq.micrometer;

import io.anymq.API;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** Every observation of {@link AnymqObservation} with its key values. Immutable. */
@API(API.Status.EVOLVING)
public enum AnymqObservationDocumentation implements ObservationDocumentation {
    /** A send, from the call to the outcome. */
    SEND(
            "anymq.send",
            DefaultSendConvention.class,
            new KeyName[] {LowCardinality.SYSTEM, LowCardinality.OPERATION, LowCardinality.DESTINATION},
            new KeyName[] {HighCardinality.MESSAGE_ID}),
    /** An attempt: one call of a handler, until it returns or its stage ends. */
    PROCESS(
            "anymq.process",
            DefaultProcessConvention.class,
            new KeyName[] {LowCardinality.SYSTEM, LowCardinality.OPERATION, LowCardinality.SOURCE},
            new KeyName[] {
                HighCardinality.MESSAGE_ID,
                HighCardinality.ATTEMPT,
                HighCardinality.REDRIVES,
                HighCardinality.BATCH_COUNT
            }),
    /** A settlement: from the end of the last attempt, or the confirmed dead letter, until the broker was told. */
    SETTLE(
            "anymq.settle",
            DefaultSettleConvention.class,
            new KeyName[] {LowCardinality.SYSTEM, LowCardinality.OPERATION, LowCardinality.SOURCE},
            new KeyName[] {HighCardinality.MESSAGE_ID}),
    /** One try to publish a dead letter. */
    DEAD_LETTER(
            "anymq.dead.letter",
            DefaultDeadLetterConvention.class,
            new KeyName[] {
                LowCardinality.SYSTEM,
                LowCardinality.OPERATION,
                LowCardinality.DESTINATION,
                LowCardinality.SOURCE,
                LowCardinality.REASON
            },
            new KeyName[] {HighCardinality.MESSAGE_ID, HighCardinality.ATTEMPT}),
    /** One message that goes back to where it failed. */
    REDRIVE(
            "anymq.redrive",
            DefaultRedriveConvention.class,
            new KeyName[] {
                LowCardinality.SYSTEM, LowCardinality.OPERATION, LowCardinality.SOURCE, LowCardinality.DEAD_LETTER_QUEUE
            },
            new KeyName[] {HighCardinality.MESSAGE_ID, HighCardinality.REDRIVES});

    /** Key values with few different values: tags of timers and of spans. */
    @API(API.Status.EVOLVING)
    public enum LowCardinality implements KeyName {
        /** The scheme of the broker's URL: {@code kafka}, {@code rabbitmq}. */
        SYSTEM("messaging.system"),
        /** {@code send}, {@code process}, {@code settle}, {@code dead_letter}, {@code redrive}. */
        OPERATION("messaging.operation.name"),
        /** The queue or topic that is sent to; of a dead letter its queue. */
        DESTINATION("messaging.destination.name"),
        /** The queue, or {@code topic/subscription}, that is read; of a redrive the origin. */
        SOURCE("anymq.source"),
        /** Why a message was given up. */
        REASON("anymq.dead_letter.reason"),
        /** The dead-letter queue of a redrive. */
        DEAD_LETTER_QUEUE("anymq.dead_letter.queue");

        private final String key;

        LowCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Key values of a single message: tags of spans only. */
    @API(API.Status.EVOLVING)
    public enum HighCardinality implements KeyName {
        /** The id of the message. */
        MESSAGE_ID("messaging.message.id"),
        /** 1 for the first attempt; of a dead letter how many were made. */
        ATTEMPT("anymq.attempt"),
        /** How many times the message was sent back from a dead-letter queue. */
        REDRIVES("anymq.redrives"),
        /** The number of messages of a call of a batch handler. */
        BATCH_COUNT("messaging.batch.message_count");

        private final String key;

        HighCardinality(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    private final String observation;
    private final Class<? extends ObservationConvention<? extends Observation.Context>> convention;

    @SuppressWarnings("ImmutableEnumChecker") // an array that is never changed
    private final KeyName[] low;

    @SuppressWarnings("ImmutableEnumChecker") // an array that is never changed
    private final KeyName[] high;

    AnymqObservationDocumentation(
            String observation,
            Class<? extends ObservationConvention<? extends Observation.Context>> convention,
            KeyName[] low,
            KeyName[] high) {
        this.observation = observation;
        this.convention = convention;
        this.low = low;
        this.high = high;
    }

    @Override
    public String getName() {
        return observation;
    }

    @Override
    public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
        return convention;
    }

    @Override
    public KeyName[] getLowCardinalityKeyNames() {
        return low.clone();
    }

    @Override
    public KeyName[] getHighCardinalityKeyNames() {
        return high.clone();
    }
}
