package io.anymq.simulation.plan;

import io.anymq.history.check.Order;

/**
 * The setup of a run: destinations and policies.
 *
 * @param order of all destinations
 * @param topic whether messages go to a topic with two subscriptions, or else to a queue
 * @param maxAttempts of the retry policy
 * @param retryMillis its first wait
 * @param multiplier of its waits
 * @param jitter of its waits
 * @param inPlaceMillis waits longer than this are spent at the broker, where there is no order
 * @param giveUp the treatment of messages that fail permanently
 * @param handler which kind of handler
 * @param concurrency handlers at once
 * @param maxInFlight messages at once in a consumer
 * @param window sends at once of a producer
 * @param idempotent whether duplicates are recognized
 * @param chained whether handlers send outputs to a further queue
 * @param lanes of the broker's queues
 * @param drainMillis how long a close waits for handlers
 */
public record Setup(
        Order order,
        boolean topic,
        int maxAttempts,
        long retryMillis,
        double multiplier,
        double jitter,
        long inPlaceMillis,
        End giveUp,
        Handlers handler,
        int concurrency,
        int maxInFlight,
        int window,
        boolean idempotent,
        boolean chained,
        int lanes,
        long drainMillis) {
    /** Longer than everything else in a run, which must not wait for it. */
    private static final long PATIENT_MILLIS = 10_000;

    /** A copy whose consumers stop at a message that fails permanently. */
    Setup stopping() {
        return new Setup(
                order,
                topic,
                maxAttempts,
                retryMillis,
                multiplier,
                jitter,
                inPlaceMillis,
                End.STOP,
                handler,
                concurrency,
                maxInFlight,
                window,
                idempotent,
                chained,
                lanes,
                drainMillis);
    }

    /** A copy with one long wait between two attempts, and with room for everything that may go on meanwhile. */
    Setup patient() {
        return new Setup(
                order,
                topic,
                Math.min(2, maxAttempts),
                PATIENT_MILLIS,
                1,
                jitter,
                inPlaceMillis == 0 ? 0 : 2 * PATIENT_MILLIS,
                giveUp,
                handler,
                concurrency,
                100,
                window,
                idempotent,
                chained,
                lanes,
                drainMillis);
    }

    /** Whether there are dead letters. */
    public boolean keepsLetters() {
        return giveUp == End.DEAD_LETTER || giveUp == End.PARK_KEY;
    }

    /** Whether a message that fails waits for much longer than all others take together. */
    public boolean isPatient() {
        return retryMillis >= PATIENT_MILLIS;
    }

    /** The treatment of messages that fail permanently. */
    public enum End {
        /** To the dead-letter queue. */
        DEAD_LETTER,
        /** There, and so does what follows with the same key. */
        PARK_KEY,
        /** Dropped. */
        DISCARD,
        /** They stay, and their consumer stops. */
        STOP
    }

    /** Kinds of handlers. */
    public enum Handlers {
        /** One message, returns when done. */
        ONE,
        /** One message, returns a stage. */
        ASYNC,
        /** Several messages. */
        BATCH
    }
}
