package io.anymq.history.check;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The expectations of a history: its sources with their rules, and the permitted failures. Immutable.
 *
 * <pre>{@code
 * Expectations.builder()
 *         .queue("orders", SourceRules.of(Order.PER_KEY).recordingSettlements())
 *         .subscription("events", "mail", SourceRules.of(Order.UNORDERED))
 *         .subscription("events", "audit", SourceRules.of(Order.UNORDERED))
 *         .aftermath(Duration.ofSeconds(10))
 *         .build()
 * }</pre>
 */
public final class Expectations {
    /** A source and its destination. */
    record SourceSpec(String name, String destination, SourceRules rules) {}

    private final Map<String, SourceSpec> sources;
    private final Set<Invariant> checks;
    private final Redelivery redelivery;
    private final Duration clockSkew;
    private final Duration aftermath;
    private final @Nullable Duration drainBound;

    private Expectations(Builder builder) {
        sources = new LinkedHashMap<>(builder.sources);
        checks = EnumSet.copyOf(builder.checks);
        redelivery = builder.redelivery;
        clockSkew = builder.clockSkew;
        aftermath = builder.aftermath;
        drainBound = builder.drainBound;
    }

    /** No sources; all checks; redelivery after disruptions; one clock; no aftermath; no bound on draining. */
    public static Builder builder() {
        return new Builder();
    }

    Collection<SourceSpec> sources() {
        return sources.values();
    }

    @Nullable
    SourceSpec source(String name) {
        return sources.get(name);
    }

    boolean applies(Invariant invariant) {
        return checks.contains(invariant);
    }

    Redelivery redelivery() {
        return redelivery;
    }

    long skewNanos() {
        return clockSkew.toNanos();
    }

    long aftermathNanos() {
        return aftermath.toNanos();
    }

    @Nullable
    Duration drainBound() {
        return drainBound;
    }

    /** Builds {@link Expectations}. Not thread-safe. */
    public static final class Builder {
        private final Map<String, SourceSpec> sources = new LinkedHashMap<>();
        private final Set<Invariant> checks = EnumSet.allOf(Invariant.class);
        private Redelivery redelivery = Redelivery.AFTER_DISRUPTION;
        private Duration clockSkew = Duration.ZERO;
        private Duration aftermath = Duration.ZERO;
        private @Nullable Duration drainBound;

        private Builder() {}

        /** A queue; its source has the same name. */
        public Builder queue(String name, SourceRules rules) {
            return add(new SourceSpec(name, name, rules));
        }

        /** A subscription; its source is called {@code topic/subscription}. */
        public Builder subscription(String topic, String subscription, SourceRules rules) {
            return add(new SourceSpec(topic + "/" + subscription, topic, rules));
        }

        private Builder add(SourceSpec source) {
            if (sources.putIfAbsent(source.name(), source) != null) {
                throw new IllegalArgumentException("the source " + source.name() + " is named twice");
            }
            return this;
        }

        /** Leaves these invariants out; they are reported as such. */
        public Builder without(Invariant... invariants) {
            for (Invariant invariant : invariants) {
                checks.remove(invariant);
            }
            return this;
        }

        /** Checks these invariants only. */
        public Builder only(Invariant... invariants) {
            checks.clear();
            checks.addAll(Set.of(invariants));
            return this;
        }

        /** When a message may be handled again; default {@link Redelivery#AFTER_DISRUPTION}. */
        public Builder redelivery(Redelivery redelivery) {
            this.redelivery = redelivery;
            return this;
        }

        /**
         * By how much the clocks of two processes may differ; default zero. See {@code History}: entries of different
         * processes that are closer than this count as being in no order.
         */
        public Builder clockSkew(Duration skew) {
            this.clockSkew = notNegative("clockSkew", skew);
            return this;
        }

        /**
         * Sets how long a fault, a crash, an unclean close or a joining consumer may have effects after it is over;
         * default zero. It should cover the broker's session time-out, and no more: within it repeated deliveries and
         * broken series of attempts are excused.
         */
        public Builder aftermath(Duration aftermath) {
            this.aftermath = notNegative("aftermath", aftermath);
            return this;
        }

        /** Sets how soon after the last repair (or the last send, if that was later) the backlog must be empty. */
        public Builder drainBound(Duration bound) {
            this.drainBound = notNegative("drainBound", bound);
            return this;
        }

        private static Duration notNegative(String name, Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must be at least 0, but was " + value);
            }
            return value;
        }

        /** Throws {@link IllegalArgumentException} when there is no source. */
        public Expectations build() {
            if (sources.isEmpty()) {
                throw new IllegalArgumentException("at least one queue or subscription must be named");
            }
            return new Expectations(this);
        }
    }
}
