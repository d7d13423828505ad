package io.anymq;

import java.time.Duration;

/**
 * How messages come back from a dead-letter queue.
 *
 * @param maxMessages stop after so many, at least 1; default 10,000
 * @param maxRedrives leave a message where it is when it has already come back so often (a loop guard), at least 1;
 *     default 3
 * @param idle stop when the queue has given nothing for this long; default 2 s
 */
public record RedriveOptions(int maxMessages, int maxRedrives, Duration idle) {
    /** 10,000 messages, 3 times each, until idle for 2 s. */
    public static final RedriveOptions DEFAULT = new RedriveOptions(10_000, 3, Duration.ofSeconds(2));

    /** Checks the bounds; throws {@link IllegalArgumentException}. */
    public RedriveOptions {
        if (maxMessages < 1 || maxRedrives < 1 || idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException("maxMessages, maxRedrives and idle must be positive");
        }
    }
}
