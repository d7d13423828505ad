package io.anymq;

import io.anymq.validation.Bounds;
import java.time.Duration;
import java.util.Objects;

/**
 * The options of a {@link Producer}. The client's defaults come from {@code anymq.producer.*}; options given in code
 * replace them. Immutable and thread-safe; equal when all values are.
 *
 * <pre>{@code
 * ProducerOptions patient = client.producerOptions().toBuilder()
 *         .maxBlock(Duration.ofMinutes(1))
 *         .build();
 * Producer<Order> producer = client.producer(orders, Order.class, patient);
 * }</pre>
 */
@API(API.Status.STABLE)
public final class ProducerOptions {
    /** 1,000 sends in flight, blocking up to 10 s, 30 s per send, bodies up to 1 MiB. */
    public static final ProducerOptions DEFAULT = builder().build();

    private final int maxInFlight;
    private final Duration maxBlock;
    private final Duration sendTimeout;
    private final int maxBodyBytes;
    private final boolean retry;

    private ProducerOptions(Builder builder) {
        this.maxInFlight = Bounds.between("maxInFlight", builder.maxInFlight, 1, 1_000_000);
        this.maxBlock = Bounds.atLeast("maxBlock", builder.maxBlock, Duration.ZERO);
        this.sendTimeout = Bounds.atLeast("sendTimeout", builder.sendTimeout, Duration.ofMillis(100));
        this.maxBodyBytes = Bounds.atLeast("maxBodyBytes", builder.maxBodyBytes, 0);
        this.retry = builder.retry;
    }

    /** Starts from {@link #DEFAULT}; {@link MessagingClient#producerOptions()} are the configured ones. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts from these options. */
    public Builder toBuilder() {
        return builder()
                .maxInFlight(maxInFlight)
                .maxBlock(maxBlock)
                .sendTimeout(sendTimeout)
                .maxBodyBytes(maxBodyBytes)
                .retry(retry);
    }

    /** Sends that may wait for their confirm. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /** The time {@code send} may block while that many sends are in flight. */
    public Duration maxBlock() {
        return maxBlock;
    }

    /** A send without an answer ends as UNKNOWN after this time. */
    public Duration sendTimeout() {
        return sendTimeout;
    }

    /** The largest encoded body, in bytes. */
    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Whether failed sends are repeated within the send time-out, in their order. */
    public boolean retry() {
        return retry;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProducerOptions that
                && maxInFlight == that.maxInFlight
                && maxBlock.equals(that.maxBlock)
                && sendTimeout.equals(that.sendTimeout)
                && maxBodyBytes == that.maxBodyBytes
                && retry == that.retry;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxInFlight, maxBlock, sendTimeout, maxBodyBytes, retry);
    }

    @Override
    public String toString() {
        return "ProducerOptions[maxInFlight=" + maxInFlight + ", maxBlock=" + maxBlock + ", sendTimeout=" + sendTimeout
                + ", maxBodyBytes=" + maxBodyBytes + ", retry=" + retry + "]";
    }

    /** Builds {@link ProducerOptions}. Not thread-safe. */
    public static final class Builder {
        private int maxInFlight = 1_000;
        private Duration maxBlock = Duration.ofSeconds(10);
        private Duration sendTimeout = Duration.ofSeconds(30);
        private int maxBodyBytes = Limits.DEFAULT_MAX_BODY_BYTES;
        private boolean retry;

        private Builder() {}

        /** Sends that may wait for their confirm, 1 to 1,000,000; default 1,000. */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /** Sets the time {@code send} may block while that many sends are in flight, at least 0; default 10 s. */
        public Builder maxBlock(Duration maxBlock) {
            this.maxBlock = Objects.requireNonNull(maxBlock, "maxBlock");
            return this;
        }

        /** A send without an answer ends as UNKNOWN after this time, at least 100 ms; default 30 s. */
        public Builder sendTimeout(Duration sendTimeout) {
            this.sendTimeout = Objects.requireNonNull(sendTimeout, "sendTimeout");
            return this;
        }

        /** The largest encoded body in bytes, at least 0; default 1 MiB. */
        public Builder maxBodyBytes(int maxBodyBytes) {
            this.maxBodyBytes = maxBodyBytes;
            return this;
        }

        /**
         * Whether a send that failed with a retryable error, REJECTED or UNKNOWN, is repeated with the same id until it
         * is confirmed or its send time-out ends. Later sends of its key (with total order: all) wait behind it, so
         * that an outage shorter than the time-out blocks no key and reorders none. Repeating an UNKNOWN may store the
         * message twice; consumers recognize the copy by its id ({@link io.anymq.policy.IdempotencyPolicy}). A send
         * that is not confirmed in the end is UNKNOWN if any of its attempts was. Pauses: 100 ms, doubling up to 1 s.
         * Default false, because without it the engine itself never stores a message twice.
         */
        public Builder retry(boolean retry) {
            this.retry = retry;
            return this;
        }

        /** Throws {@link IllegalArgumentException} naming the option, its bound and the value. */
        public ProducerOptions build() {
            return new ProducerOptions(this);
        }
    }
}
