package io.anymq.internal.send;

import io.anymq.MessagingException;

/**
 * What is known about the attempts of one send that is retried; its {@link PendingSend} has none before the first
 * failure.
 *
 * <p>Owns their failures and whether one is in progress. Any thread reads it, without a lock; it is written for one
 * attempt at a time.
 */
final class Attempts {
    /** An attempt ended as UNKNOWN. */
    volatile boolean anyUnknown;
    /** An attempt is in progress. */
    volatile boolean flying;

    volatile MessagingException last;

    Attempts(MessagingException last, boolean unknown) {
        this.last = last;
        this.anyUnknown = unknown;
    }

    void failed(MessagingException error, boolean unknown) {
        last = error;
        if (unknown) {
            anyUnknown = true;
        }
        flying = false;
    }
}
