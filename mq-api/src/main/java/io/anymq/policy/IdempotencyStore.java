package io.anymq.policy;

import io.anymq.API;
import java.time.Duration;
import java.util.Objects;

/**
 * Remembers which messages are being handled and which are done. Every change is a compare-and-set by the store's own
 * clock. Thread-safe; methods may block (they run on handler threads) but not without a bound; anything they throw means
 * that the store is down: its messages wait until it answers, and the consumer's health is DEGRADED and says why.
 *
 * <p>States of one (scope, key): absent → in progress (owner's token, lease) → done (until its retention ends) or dead.
 */
@API(API.Status.STABLE)
public interface IdempotencyStore {
    /**
     * Claims (scope, key) if it is absent, or if an earlier claim's lease has ended.
     *
     * @param scope the subscription, so that two subscriptions do not see each other
     * @param key message id or business key, 1 to 256 characters
     * @param fingerprint of the body; another one under the same key is a conflict. Always 0 with a business key, whose
     *     messages may differ
     * @param lease how long the claim holds unless it is prolonged
     */
    Claim claim(String scope, String key, long fingerprint, Duration lease);

    /** Prolongs a claim; false if it is no longer held by this token. */
    boolean prolong(String scope, String key, long token, Duration lease);

    /** Marks a claim as done and remembers that for {@code retention}; false if it is no longer held by this token. */
    boolean complete(String scope, String key, long token, Duration retention);

    /** Marks a claim as dead-lettered: a later copy is not handled again; false if no longer held by this token. */
    boolean bury(String scope, String key, long token, Duration retention);

    /** Gives a claim back after a failure or a hand-back; false if it was no longer held by this token. */
    boolean release(String scope, String key, long token);

    /** Forgets (scope, key) whatever its state: for a redrive, which wants it handled again. */
    void forget(String scope, String key);

    /** The result of a claim. */
    sealed interface Claim {
        /** This caller may handle it; {@code token} proves that in later calls. */
        record Granted(long token) implements Claim {}

        /** Another one is handling it; ask again after {@code leaseLeft}, or earlier. */
        record Busy(Duration leaseLeft) implements Claim {
            /** Refuses null. */
            public Busy {
                Objects.requireNonNull(leaseLeft, "leaseLeft");
            }
        }

        /** It was handled: settle without handling. */
        record Done() implements Claim {}

        /** It was dead-lettered: settle without handling. */
        record Dead() implements Claim {}

        /** The same key came with another body: a defect of the producer. */
        record Conflict() implements Claim {}
    }
}
