package io.anymq.policy;

import io.anymq.API;
import io.anymq.validation.Bounds;
import java.util.Objects;

/**
 * Limits the messages that a consumer has in flight and the messages it handles per second. Immutable and thread-safe;
 * equal when all values are.
 *
 * <pre>{@code
 * FlowControl.ofMaxInFlight(100)
 * FlowControl.builder().maxInFlight(100).maxPerSecond(50).build()
 * }</pre>
 */
@API(API.Status.STABLE)
public final class FlowControl {
    /** 1,000 messages in flight, no rate limit. */
    public static final FlowControl DEFAULT = builder().build();

    private final int maxInFlight;
    private final double maxPerSecond;

    private FlowControl(Builder builder) {
        this.maxInFlight = Bounds.between("maxInFlight", builder.maxInFlight, 1, 1_000_000);
        this.maxPerSecond = Bounds.finiteAtLeast("maxPerSecond", builder.maxPerSecond, 0);
    }

    /** This many messages in flight (1 to 1,000,000), no rate limit. */
    public static FlowControl ofMaxInFlight(int maxInFlight) {
        return builder().maxInFlight(maxInFlight).build();
    }

    /** This many handler starts per second (0 for no limit), 1,000 messages in flight. */
    public static FlowControl ofMaxPerSecond(double maxPerSecond) {
        return builder().maxPerSecond(maxPerSecond).build();
    }

    /** Starts from {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these limits. */
    public Builder toBuilder() {
        return builder().maxInFlight(maxInFlight).maxPerSecond(maxPerSecond);
    }

    /** Messages taken from the broker and not settled. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /** Handler starts per second, retries included; 0 means no limit. */
    public double maxPerSecond() {
        return maxPerSecond;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowControl that
                && maxInFlight == that.maxInFlight
                && Double.compare(maxPerSecond, that.maxPerSecond) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxInFlight, maxPerSecond);
    }

    @Override
    public String toString() {
        return "FlowControl[maxInFlight=" + maxInFlight + ", maxPerSecond=" + maxPerSecond + "]";
    }

    /** Builds a {@link FlowControl}. Not thread-safe. */
    public static final class Builder {
        private int maxInFlight = 1_000;
        private double maxPerSecond;

        private Builder() {}

        /** Messages taken from the broker and not settled, 1 to 1,000,000; default 1,000. */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /** Handler starts per second, retries included, at least 0; 0 (the default) means no limit. */
        public Builder maxPerSecond(double maxPerSecond) {
            this.maxPerSecond = maxPerSecond;
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public FlowControl build() {
            return new FlowControl(this);
        }
    }
}
