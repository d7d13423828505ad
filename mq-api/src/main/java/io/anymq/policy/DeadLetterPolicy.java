package io.anymq.policy;

import io.anymq.API;
import io.anymq.Queue;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policy for a message that has exhausted its attempts, fails permanently or cannot be decoded.
 *
 * <p>Default: exactly one copy goes to the queue {@code <queue>-dead}, or {@code <topic>-<subscription>-dead}; it is
 * confirmed there before the original is settled. If the dead-letter queue is down, the original stays unsettled and
 * its key waits. Immutable and thread-safe; equal when all values are.
 *
 * <pre>{@code
 * DeadLetterPolicy.to("orders-dead")
 * DeadLetterPolicy.builder().queue("orders-dead").then(Then.PARK_KEY).build()
 * }</pre>
 */
@API(API.Status.STABLE)
public final class DeadLetterPolicy {
    /** The consumer's behaviour after it gave up on a message. */
    public enum Then {
        /** Go on with the next message. The default. */
        CONTINUE,
        /**
         * Later messages of the same key share its fate: for work that makes no sense with a gap. The key is free again
         * when a redrive brings one of its dead letters back, which are then handled in their order, or after
         * {@link io.anymq.Consumer#resumeKey}. Without {@link Builder#parkedKeys} a key is parked in this consumer only,
         * until it is closed. At most 100,000 keys are parked: a message that would park another waits unsettled, with
         * its key, and the consumer's health is DEGRADED.
         */
        PARK_KEY,
        /**
         * Stop the consumer and leave the message at the broker, unsettled: nothing is dead-lettered, health goes DOWN.
         */
        STOP
    }

    /**
     * The consumer's behaviour when the dead-letter queue refuses a message for good: the message is too large for it
     * even without AnyMQ's details, access is denied, or there is no such queue and none may be created.
     */
    public enum WhenRefused {
        /**
         * Wait with the message and its key until the queue takes it, and go on with other keys; the consumer's health
         * is DEGRADED and names the reason. The default: nothing is lost, and an operator decides.
         */
        WAIT,
        /** Drop the message, with a log line. */
        DISCARD,
        /** Stop the consumer and leave the message at the broker, unsettled. */
        STOP
    }

    /** Keeps the message in the queue with the default name and goes on. */
    public static final DeadLetterPolicy DEFAULT = builder().build();

    private final @Nullable String queue;
    private final Then then;
    private final boolean discard;
    private final boolean exceptionDetails;
    private final @Nullable ParkedKeyStore parkedKeys;
    private final WhenRefused whenRefused;

    private DeadLetterPolicy(Builder builder) {
        this.queue = builder.queue;
        this.then = builder.then;
        this.discard = builder.discard;
        this.exceptionDetails = builder.exceptionDetails;
        this.parkedKeys = builder.parkedKeys;
        this.whenRefused = builder.whenRefused;
        refuse(parkedKeys != null && then != Then.PARK_KEY, "parkedKeys", "then=" + then + ", which parks no key");
        if (then == Then.STOP) {
            refuse(discard, "discard=true", "then=STOP, which leaves the message at the broker");
        }
        String keepsNothing = then == Then.STOP ? "then=STOP" : discard ? "discard=true" : null;
        if (keepsNothing != null) {
            refuse(queue != null, "queue=" + queue, keepsNothing + ", which sends nothing to a dead-letter queue");
            refuse(
                    whenRefused != WhenRefused.WAIT,
                    "whenRefused=" + whenRefused,
                    keepsNothing + ", which sends nothing to a dead-letter queue");
            refuse(
                    exceptionDetails,
                    "exceptionDetails=true",
                    keepsNothing + ", which sends nothing to a dead-letter queue");
        }
    }

    private static void refuse(boolean contradiction, String one, String other) {
        if (contradiction) {
            throw new IllegalArgumentException(one + " cannot be combined with " + other + "; choose one of the two");
        }
    }

    /** Keeps the message in this queue and goes on. */
    public static DeadLetterPolicy to(String queue) {
        return builder().queue(queue).build();
    }

    /** Keeps the message in the queue with the default name and parks its key. */
    public static DeadLetterPolicy parkKey() {
        return builder().then(Then.PARK_KEY).build();
    }

    /** Drops the message with a log line: for data that is worthless when late. */
    public static DeadLetterPolicy discard() {
        return builder().discard(true).build();
    }

    /** Leaves the message at the broker and stops the consumer. */
    public static DeadLetterPolicy stop() {
        return builder().then(Then.STOP).build();
    }

    /** Starts from {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from this policy. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.queue = queue;
        copy.then = then;
        copy.discard = discard;
        copy.exceptionDetails = exceptionDetails;
        copy.parkedKeys = parkedKeys;
        copy.whenRefused = whenRefused;
        return copy;
    }

    /** The dead-letter queue's name; empty for the default name. */
    public Optional<String> queue() {
        return Optional.ofNullable(queue);
    }

    /** The treatment of the messages behind it. */
    public Then then() {
        return then;
    }

    /** Whether the message is dropped, with a log line, instead of being kept. */
    public boolean isDiscard() {
        return discard;
    }

    /** Whether the exception's message and stack trace are kept with the dead letter. */
    public boolean isExceptionDetails() {
        return exceptionDetails;
    }

    /** What happens to a message that the dead-letter queue refuses for good. */
    public WhenRefused whenRefused() {
        return whenRefused;
    }

    /** Where parked keys are remembered; empty if only the consumer knows them. */
    public Optional<ParkedKeyStore> parkedKeys() {
        return Optional.ofNullable(parkedKeys);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeadLetterPolicy that
                && Objects.equals(queue, that.queue)
                && then == that.then
                && discard == that.discard
                && exceptionDetails == that.exceptionDetails
                && whenRefused == that.whenRefused
                && Objects.equals(parkedKeys, that.parkedKeys);
    }

    @Override
    public int hashCode() {
        return Objects.hash(queue, then, discard, exceptionDetails, whenRefused, parkedKeys);
    }

    @Override
    public String toString() {
        return "DeadLetterPolicy[queue=" + (queue == null ? "(default)" : queue) + ", then=" + then + ", discard="
                + discard + ", exceptionDetails=" + exceptionDetails
                + ", whenRefused=" + whenRefused
                + (parkedKeys == null
                        ? ""
                        : ", parkedKeys=" + parkedKeys.getClass().getName()) + "]";
    }

    /** Builds a {@link DeadLetterPolicy}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String queue;
        private Then then = Then.CONTINUE;
        private boolean discard;
        private boolean exceptionDetails;
        private @Nullable ParkedKeyStore parkedKeys;
        private WhenRefused whenRefused = WhenRefused.WAIT;

        private Builder() {}

        /**
         * Keeps messages in this queue; default: the queue with the default name.
         *
         * @throws io.anymq.MessagingException with INVALID_NAME for a name that is not portable
         */
        public Builder queue(String queue) {
            this.queue = Queue.of(queue).name();
            return this;
        }

        /** Sets the treatment of the messages behind it; default {@link Then#CONTINUE}. */
        public Builder then(Then then) {
            this.then = Objects.requireNonNull(then, "then");
            return this;
        }

        /** Drops messages, with a log line, instead of keeping them; default false. */
        public Builder discard(boolean discard) {
            this.discard = discard;
            return this;
        }

        /**
         * Keeps the exception's message and stack trace with the dead letter, cut at 2 KiB; default false, because they
         * may hold data.
         */
        public Builder exceptionDetails(boolean exceptionDetails) {
            this.exceptionDetails = exceptionDetails;
            return this;
        }

        /** Sets what happens to a message that the dead-letter queue refuses for good; default {@link WhenRefused#WAIT}. */
        public Builder whenRefused(WhenRefused whenRefused) {
            this.whenRefused = Objects.requireNonNull(whenRefused, "whenRefused");
            return this;
        }

        /** Remembers parked keys beyond this consumer; default: none. Needs {@link Then#PARK_KEY}. */
        public Builder parkedKeys(ParkedKeyStore store) {
            this.parkedKeys = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Throws {@link IllegalArgumentException} naming what contradicts itself: {@link Then#STOP} and {@code discard}
         * keep nothing, so neither takes a queue, exception details or {@code whenRefused}, nor do they go together; a
         * store for parked keys needs {@link Then#PARK_KEY}.
         */
        public DeadLetterPolicy build() {
            return new DeadLetterPolicy(this);
        }
    }
}
