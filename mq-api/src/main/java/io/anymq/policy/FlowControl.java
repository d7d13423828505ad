package io.anymq.policy;

import io.anymq.API;
import io.anymq.validation.Bounds;
import java.util.Objects;

/**
 * Limits the messages that a consumer has in flight and the messages it handles per second. Immutable and thread-safe;
 * equal when all values are.
 *
 * <p>Within these limits a consumer takes about as many messages as its handlers finish in a second, at least twice
 * its concurrency (a batch handler: one batch more than its concurrency), so that consumers of one source share a
 * backlog. Messages that wait for their next attempt, or for their turn behind another of their key, count towards the
 * limits but not towards that share.
 *
 * <p>Messages behind one of their key that waits for its next attempt cannot run, and have limits of their own: they
 * leave the room of the other keys. See {@link #maxBlocked()}.
 *
 * <pre>{@code
 * FlowControl.ofMaxInFlight(100)
 * FlowControl.builder().maxInFlight(100).maxPerSecond(50).build()
 * }</pre>
 */
@API(API.Status.STABLE)
public final class FlowControl {
    /** 1,000 messages and 64 MiB in flight, 25,000 and 64 MiB blocked, no rate limit. */
    public static final FlowControl DEFAULT = builder().build();

    private final int maxInFlight;
    private final long maxInFlightBytes;
    private final int maxBlocked;
    private final long maxBlockedBytes;
    private final double maxPerSecond;

    private FlowControl(Builder builder) {
        this.maxInFlight = Bounds.between("maxInFlight", builder.maxInFlight, 1, 1_000_000);
        this.maxInFlightBytes = Bounds.atLeast("maxInFlightBytes", builder.maxInFlightBytes, 1);
        this.maxBlocked = Bounds.between("maxBlocked", builder.maxBlocked, 0, 10_000_000);
        this.maxBlockedBytes = Bounds.atLeast("maxBlockedBytes", builder.maxBlockedBytes, 0);
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
        return builder()
                .maxInFlight(maxInFlight)
                .maxInFlightBytes(maxInFlightBytes)
                .maxBlocked(maxBlocked)
                .maxBlockedBytes(maxBlockedBytes)
                .maxPerSecond(maxPerSecond);
    }

    /** Messages taken from the broker and not settled, without those that are {@linkplain #maxBlocked() blocked}. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /**
     * The bytes of these messages as they are stored, a quarter of them for messages that the adapter fetches in
     * advance. One message is always taken, whatever its size. How large messages are is learnt from those that came:
     * where small ones are followed by large ones, one window of messages may exceed this.
     */
    public long maxInFlightBytes() {
        return maxInFlightBytes;
    }

    /**
     * Messages of destinations with per-key order that wait behind one of their key which waits for its next attempt. A
     * key blocks its later messages from the first such wait until none of them is left.
     *
     * <p>A lane (a partition, a queue of the broker) is paused while it has more than four times as many as are left of
     * this: alone it gets four fifths. Other keys of a paused lane wait as well; other lanes continue.
     */
    public int maxBlocked() {
        return maxBlocked;
    }

    /** The bytes of these messages as they are stored. */
    public long maxBlockedBytes() {
        return maxBlockedBytes;
    }

    /** Handler starts per second, retries included; 0 means no limit. */
    public double maxPerSecond() {
        return maxPerSecond;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowControl that
                && maxInFlight == that.maxInFlight
                && maxInFlightBytes == that.maxInFlightBytes
                && maxBlocked == that.maxBlocked
                && maxBlockedBytes == that.maxBlockedBytes
                && Double.compare(maxPerSecond, that.maxPerSecond) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxInFlight, maxInFlightBytes, maxBlocked, maxBlockedBytes, maxPerSecond);
    }

    @Override
    public String toString() {
        return "FlowControl[maxInFlight=" + maxInFlight + ", maxInFlightBytes=" + maxInFlightBytes + ", maxBlocked="
                + maxBlocked + ", maxBlockedBytes=" + maxBlockedBytes + ", maxPerSecond=" + maxPerSecond + "]";
    }

    /** Builds a {@link FlowControl}. Not thread-safe. */
    public static final class Builder {
        private int maxInFlight = 1_000;
        private long maxInFlightBytes = 64 << 20;
        private int maxBlocked = 25_000;
        private long maxBlockedBytes = 64 << 20;
        private double maxPerSecond;

        private Builder() {}

        /** Messages taken from the broker and not settled, 1 to 1,000,000; default 1,000. */
        public Builder maxInFlight(int maxInFlight) {
            this.maxInFlight = maxInFlight;
            return this;
        }

        /** The bytes of these messages as they are stored, at least 1; default 64 MiB. */
        public Builder maxInFlightBytes(long maxInFlightBytes) {
            this.maxInFlightBytes = maxInFlightBytes;
            return this;
        }

        /**
         * Messages behind one of their key that waits for its next attempt, 0 to 10,000,000; default 25,000. With 0 a
         * key in retry pauses its lane.
         */
        public Builder maxBlocked(int maxBlocked) {
            this.maxBlocked = maxBlocked;
            return this;
        }

        /** The bytes of these messages as they are stored, at least 0; default 64 MiB. */
        public Builder maxBlockedBytes(long maxBlockedBytes) {
            this.maxBlockedBytes = maxBlockedBytes;
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
