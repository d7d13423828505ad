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
    /** The treatment of messages that fail permanently. */
    public enum End {
        /** To the dead-letter queue. */
        DEAD_LETTER,
        /** There, and so does what follows with the same key. */
        PARK_KEY,
        /** Dropped. */
        DISCARD
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
