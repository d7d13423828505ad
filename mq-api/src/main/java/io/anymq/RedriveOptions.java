package io.anymq;

import io.anymq.validation.Bounds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The options of a redrive from a dead-letter queue. Immutable and thread-safe; equal when all values are.
 *
 * <pre>{@code
 * client.redrive(Queue.of("orders-dead"), RedriveOptions.builder().maxMessages(100).build()).join();
 * }</pre>
 */
@API(API.Status.STABLE)
public final class RedriveOptions {
    /** Up to 10,000 messages, each up to 3 times, until the queue has been idle for 2 s. */
    public static final RedriveOptions DEFAULT = builder().build();

    private final int maxMessages;
    private final int maxRedrives;
    private final Duration idle;
    private final Set<Source> origins;

    private RedriveOptions(Builder builder) {
        this.maxMessages = Bounds.atLeast("maxMessages", builder.maxMessages, 1);
        this.maxRedrives = Bounds.atLeast("maxRedrives", builder.maxRedrives, 1);
        this.idle = Bounds.positive("idle", builder.idle);
        this.origins = Set.copyOf(builder.origins);
    }

    /** Starts from {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these options. */
    public Builder toBuilder() {
        return builder()
                .maxMessages(maxMessages)
                .maxRedrives(maxRedrives)
                .idle(idle)
                .origins(origins);
    }

    /** The redrive ends after this many messages. */
    public int maxMessages() {
        return maxMessages;
    }

    /** A message that has already come back this often is left where it is. */
    public int maxRedrives() {
        return maxRedrives;
    }

    /** The redrive ends when the queue has delivered nothing for this time. */
    public Duration idle() {
        return idle;
    }

    /**
     * The only queues and subscriptions to which letters go back. Empty: those whose dead letters go to this queue by
     * default, {@code orders} for {@code orders-dead}.
     */
    public Set<Source> origins() {
        return origins;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RedriveOptions that
                && maxMessages == that.maxMessages
                && maxRedrives == that.maxRedrives
                && idle.equals(that.idle)
                && origins.equals(that.origins);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxMessages, maxRedrives, idle, origins);
    }

    @Override
    public String toString() {
        return "RedriveOptions[maxMessages=" + maxMessages + ", maxRedrives=" + maxRedrives + ", idle=" + idle
                + ", origins=" + origins + "]";
    }

    /** Builds {@link RedriveOptions}. Not thread-safe. */
    public static final class Builder {
        private int maxMessages = 10_000;
        private int maxRedrives = 3;
        private Duration idle = Duration.ofSeconds(2);
        private Set<Source> origins = Set.of();

        private Builder() {}

        /** The redrive ends after this many messages, at least 1; default 10,000. */
        public Builder maxMessages(int maxMessages) {
            this.maxMessages = maxMessages;
            return this;
        }

        /**
         * A message that has already come back this often is left where it is, which guards against loops; at least 1;
         * default 3.
         */
        public Builder maxRedrives(int maxRedrives) {
            this.maxRedrives = maxRedrives;
            return this;
        }

        /** The redrive ends when the queue has delivered nothing for this time, more than 0; default 2 s. */
        public Builder idle(Duration idle) {
            this.idle = Objects.requireNonNull(idle, "idle");
            return this;
        }

        /**
         * The only queues and subscriptions to which letters go back; needed for a dead-letter queue that a policy
         * names. A letter names its own origin, and anyone who may write to the dead-letter queue may forge one, so all
         * others stay. Default: those whose dead letters go there by default.
         */
        public Builder origins(Collection<? extends Source> origins) {
            this.origins = Set.copyOf(origins);
            return this;
        }

        /** Like {@link #origins(Collection)}. */
        public Builder origins(Source... origins) {
            return origins(List.of(origins));
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public RedriveOptions build() {
            return new RedriveOptions(this);
        }
    }
}
