package io.anymq;

import java.time.Duration;

/**
 * How a {@link Producer} behaves. The defaults come from {@code anymq.producer.*}; a value given in code wins.
 *
 * @param maxInFlight sends that may wait for their confirm, 1 to 1,000,000; default 1,000
 * @param maxBlock how long {@code send} may block while the window is full, at least 0; default 10 s
 * @param sendTimeout after this a send ends as UNKNOWN, at least 100 ms; default 30 s
 * @param maxBodyBytes largest encoded body, at least 0; default 1 MiB
 */
public record ProducerOptions(int maxInFlight, Duration maxBlock, Duration sendTimeout, int maxBodyBytes) {
    /** The defaults: 1,000 in flight, 10 s, 30 s, 1 MiB. */
    public static final ProducerOptions DEFAULT =
            new ProducerOptions(1_000, Duration.ofSeconds(10), Duration.ofSeconds(30), Limits.DEFAULT_MAX_BODY_BYTES);

    /** Checks the bounds; throws {@link IllegalArgumentException}. */
    public ProducerOptions {
        if (maxInFlight < 1 || maxInFlight > 1_000_000) {
            throw new IllegalArgumentException("maxInFlight is 1 to 1,000,000, not " + maxInFlight);
        }
        if (maxBlock.isNegative()) {
            throw new IllegalArgumentException("maxBlock is at least 0, not " + maxBlock);
        }
        if (sendTimeout.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("sendTimeout is at least 100 ms, not " + sendTimeout);
        }
        if (maxBodyBytes < 0) {
            throw new IllegalArgumentException("maxBodyBytes is at least 0, not " + maxBodyBytes);
        }
    }

    /** A copy with another window. */
    public ProducerOptions withMaxInFlight(int maxInFlight) {
        return new ProducerOptions(maxInFlight, maxBlock, sendTimeout, maxBodyBytes);
    }

    /** A copy with another bound on blocking. */
    public ProducerOptions withMaxBlock(Duration maxBlock) {
        return new ProducerOptions(maxInFlight, maxBlock, sendTimeout, maxBodyBytes);
    }

    /** A copy with another send time-out. */
    public ProducerOptions withSendTimeout(Duration sendTimeout) {
        return new ProducerOptions(maxInFlight, maxBlock, sendTimeout, maxBodyBytes);
    }

    /** A copy with another largest body. */
    public ProducerOptions withMaxBodyBytes(int maxBodyBytes) {
        return new ProducerOptions(maxInFlight, maxBlock, sendTimeout, maxBodyBytes);
    }
}
