package io.anymq;

import io.anymq.validation.Bounds;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The options of a redrive from a dead-letter queue, and of a discard. Immutable and thread-safe; equal when all values
 * are.
 *
 * <pre>{@code
 * RedriveOptions.builder()
 *         .filter(LetterFilter.builder().reason(DeadLetterReason.MAX_ATTEMPTS).build())
 *         .maxMessages(100)
 *         .rate(20)
 *         .by("amina", "OPS-17: the address service is back")
 *         .build()
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
    private final LetterFilter filter;
    private final @Nullable Queue to;
    private final int rate;
    private final boolean dryRun;
    private final String operator;
    private final String reason;
    private final @Nullable UnaryOperator<Message<byte[]>> edit;
    private final @Nullable Consumer<LetterResult> onLetter;

    private RedriveOptions(Builder builder) {
        this.maxMessages = Bounds.atLeast("maxMessages", builder.maxMessages, 1);
        this.maxRedrives = Bounds.atLeast("maxRedrives", builder.maxRedrives, 1);
        this.idle = Bounds.positive("idle", builder.idle);
        this.origins = Set.copyOf(builder.origins);
        this.filter = builder.filter;
        this.to = builder.to;
        this.rate = Bounds.between("rate", builder.rate, 0, 1_000_000);
        this.dryRun = builder.dryRun;
        this.operator = builder.operator;
        this.reason = builder.reason;
        this.edit = builder.edit;
        this.onLetter = builder.onLetter;
        if (to != null && !origins.isEmpty()) {
            throw new IllegalArgumentException("origins have no effect with to(" + to + "); set one of the two");
        }
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
                .origins(origins)
                .copy(this);
    }

    /** It ends after this many letters that match the filter. */
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

    /** The only letters that are taken. */
    public LetterFilter filter() {
        return filter;
    }

    /** The queue to which letters are sent instead of their origin; empty for their origin. */
    public Optional<Queue> to() {
        return Optional.ofNullable(to);
    }

    /** The most letters a second; 0 for no limit. */
    public int rate() {
        return rate;
    }

    /** Whether it only finds out and reports what it would do. */
    public boolean isDryRun() {
        return dryRun;
    }

    /** Who acts, for logs and events; empty if unknown. */
    public String operator() {
        return operator;
    }

    /** Why, for logs and events; empty if not said. */
    public String reason() {
        return reason;
    }

    /** What is changed about each letter; empty for nothing. */
    public Optional<UnaryOperator<Message<byte[]>>> edit() {
        return Optional.ofNullable(edit);
    }

    /** Told of each letter's outcome; empty if nothing is. */
    public Optional<Consumer<LetterResult>> onLetter() {
        return Optional.ofNullable(onLetter);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RedriveOptions that
                && maxMessages == that.maxMessages
                && maxRedrives == that.maxRedrives
                && idle.equals(that.idle)
                && origins.equals(that.origins)
                && filter.equals(that.filter)
                && Objects.equals(to, that.to)
                && rate == that.rate
                && dryRun == that.dryRun
                && operator.equals(that.operator)
                && reason.equals(that.reason)
                && Objects.equals(edit, that.edit)
                && Objects.equals(onLetter, that.onLetter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                maxMessages, maxRedrives, idle, origins, filter, to, rate, dryRun, operator, reason, edit, onLetter);
    }

    @Override
    public String toString() {
        return "RedriveOptions[maxMessages=" + maxMessages + ", maxRedrives=" + maxRedrives + ", idle=" + idle
                + ", origins=" + origins + ", filter=" + filter + ", to=" + (to == null ? "origin" : to) + ", rate="
                + (rate == 0 ? "unlimited" : rate + "/s") + ", dryRun=" + dryRun + ", edit=" + (edit != null) + "]";
    }

    /** Builds {@link RedriveOptions}. Not thread-safe. */
    public static final class Builder {
        private int maxMessages = 10_000;
        private int maxRedrives = 3;
        private Duration idle = Duration.ofSeconds(2);
        private Set<Source> origins = Set.of();
        private LetterFilter filter = LetterFilter.ALL;
        private @Nullable Queue to;
        private int rate;
        private boolean dryRun;
        private String operator = "";
        private String reason = "";
        private @Nullable UnaryOperator<Message<byte[]>> edit;
        private @Nullable Consumer<LetterResult> onLetter;

        private Builder() {}

        private Builder copy(RedriveOptions options) {
            filter = options.filter;
            to = options.to;
            rate = options.rate;
            dryRun = options.dryRun;
            operator = options.operator;
            reason = options.reason;
            edit = options.edit;
            onLetter = options.onLetter;
            return this;
        }

        /** It ends after this many letters that match the filter, at least 1; default 10,000. */
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

        /** The only letters that are taken; default all. */
        public Builder filter(LetterFilter filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Sends letters to this queue instead of their origin, those without an origin, too. It must exist. Default: to
         * their origin.
         */
        public Builder to(Queue queue) {
            this.to = Objects.requireNonNull(queue, "queue");
            return this;
        }

        /** The most letters a second, 1 to 1,000,000; default 0, no limit. */
        public Builder rate(int perSecond) {
            this.rate = perSecond;
            return this;
        }

        /**
         * Finds out and reports what would be done, and changes nothing. Whether an origin exists and may be sent to is
         * asked, whether it would take the letter is not. Default false.
         */
        public Builder dryRun(boolean dryRun) {
            this.dryRun = dryRun;
            return this;
        }

        /** Who acts and why, for the log line and the event of this action; default unknown. Never a secret. */
        public Builder by(String operator, String reason) {
            this.operator = Objects.requireNonNull(operator, "operator");
            this.reason = Objects.requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Changes each letter before it is sent: gets the message as it failed, and returns the message to send. The
         * result is a new message with an id of its own (that of the result, if it is another one) and a link to the
         * original in the header {@code mq-edited-from}. A letter for which {@code edit} throws stays. Called on the
         * thread of the redrive. Default: unchanged.
         *
         * <pre>{@code
         * .filter(LetterFilter.ids("8e1f"))
         * .edit(message -> message.withHeader("tenant", "acme"))
         * }</pre>
         */
        public Builder edit(UnaryOperator<Message<byte[]>> edit) {
            this.edit = Objects.requireNonNull(edit, "edit");
            return this;
        }

        /**
         * Told what becomes of each letter that matches, once (but see {@link LetterResult.Outcome#MAY_REMAIN}), on the
         * thread of the task; what it throws is logged. Default: nothing is told.
         */
        public Builder onLetter(Consumer<LetterResult> onLetter) {
            this.onLetter = Objects.requireNonNull(onLetter, "onLetter");
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public RedriveOptions build() {
            return new RedriveOptions(this);
        }
    }
}
