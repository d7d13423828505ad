package io.anymq.policy;

import io.anymq.API;
import io.anymq.validation.Bounds;
import java.time.Duration;
import java.util.Objects;

/**
 * Recognizes a message that was handled before, so that its effect happens once although it is delivered again.
 *
 * <p>Two phases: the message is claimed before the handler and marked done after its outputs are confirmed. A failed
 * attempt gives the claim back, so nothing is lost by marking too early. While the store is down nothing is handled.
 * There is no default, because a store is required. Immutable and thread-safe; equal when the store is the same and all
 * values are.
 *
 * <pre>{@code
 * IdempotencyPolicy.with(store)
 * IdempotencyPolicy.builder(store).retention(Duration.ofDays(7)).build()
 * }</pre>
 */
@API(API.Status.STABLE)
public final class IdempotencyPolicy {
    private final IdempotencyStore store;
    private final Duration lease;
    private final Duration retention;

    private IdempotencyPolicy(Builder builder) {
        this.store = builder.store;
        this.lease = Bounds.between("lease", builder.lease, Duration.ofMillis(100), Duration.ofDays(1));
        this.retention = Bounds.atLeast("retention", builder.retention, Duration.ofSeconds(1));
    }

    /** A 60 s lease and 24 h of memory in this store. */
    public static IdempotencyPolicy with(IdempotencyStore store) {
        return builder(store).build();
    }

    /**
     * Starts from a 60 s lease and 24 h of memory in this store; processes that consume the same source must share one.
     */
    public static Builder builder(IdempotencyStore store) {
        return new Builder(store);
    }

    /** Starts from this policy. */
    public Builder toBuilder() {
        return builder(store).lease(lease).retention(retention);
    }

    /** Where claims are kept. */
    public IdempotencyStore store() {
        return store;
    }

    /** The time until the claim of a dead owner ends; a claim is renewed while the handler runs. */
    public Duration lease() {
        return lease;
    }

    /** The time that a finished message is remembered. */
    public Duration retention() {
        return retention;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdempotencyPolicy that
                && store.equals(that.store)
                && lease.equals(that.lease)
                && retention.equals(that.retention);
    }

    @Override
    public int hashCode() {
        return Objects.hash(store, lease, retention);
    }

    @Override
    public String toString() {
        return "IdempotencyPolicy[store=" + store.getClass().getName() + ", lease=" + lease + ", retention=" + retention
                + "]";
    }

    /** Builds an {@link IdempotencyPolicy}. Not thread-safe. */
    public static final class Builder {
        private final IdempotencyStore store;
        private Duration lease = Duration.ofSeconds(60);
        private Duration retention = Duration.ofHours(24);

        private Builder(IdempotencyStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /** Sets the time until the claim of a dead owner ends, 100 ms to 1 day; default 60 s. */
        public Builder lease(Duration lease) {
            this.lease = Objects.requireNonNull(lease, "lease");
            return this;
        }

        /** Sets the time that a finished message is remembered, at least 1 s; default 24 h. */
        public Builder retention(Duration retention) {
            this.retention = Objects.requireNonNull(retention, "retention");
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public IdempotencyPolicy build() {
            return new IdempotencyPolicy(this);
        }
    }
}
