package io.anymq.simulation.plan;

import org.jspecify.annotations.Nullable;

/** Something that is done at a moment of virtual time. Operations that have no object (any more) do nothing. */
public sealed interface Operation
        permits Operation.Send, Operation.Join, Operation.Member, Operation.Fault, Operation.Redrive, UserFault {
    /** When, in microseconds since the run began. */
    long at();

    /**
     * A message is sent.
     *
     * @param producer one thread
     * @param id of the message; two sends of one id are a repetition
     * @param key of the message, or null
     * @param delayMillis how much later it is due
     * @param failures how many of its attempts fail
     * @param permanent whether a failure is one that is not retried
     * @param workMicros how long its handler takes
     * @param output whether its handler sends something on, where handlers do
     */
    record Send(
            long at,
            String producer,
            String id,
            @Nullable String key,
            long delayMillis,
            int failures,
            boolean permanent,
            long workMicros,
            boolean output)
            implements Operation {}

    /** A consumer joins; {@code source} is 0 or 1. */
    record Join(long at, String member, int source) implements Operation {}

    /** An operation on one consumer, with a duration if it has one. */
    record Member(long at, String member, Fate fate, long millis) implements Operation {}

    /** A fault with a duration. */
    record Fault(long at, Breakage what, long millis) implements Operation {}

    /**
     * An operator sends the dead letters of {@code source}, 0 or 1, back to it. Where a plan has one of these, each
     * source is redriven once more at the end, when everything is repaired: then no handler fails any more.
     */
    record Redrive(long at, int source) implements Operation {}

    /** The operations on a consumer. */
    enum Fate {
        /** It closes. */
        CLOSE,
        /** Its process is killed. */
        CRASH,
        /** Its process stands still and the broker gives it up; then it goes on. */
        FREEZE,
        /** Its connection breaks once. */
        CUT,
        /** It takes no new message. */
        PAUSE
    }

    /** The kinds of faults. */
    enum Breakage {
        /** The broker. */
        BROKER,
        /** Sends are refused. */
        REFUSED_SENDS,
        /** Some confirms are lost: the send ends as unknown, or does not end by itself. */
        LOST_CONFIRMS,
        /** Confirms come late. */
        SLOW_CONFIRMS,
        /** Connections break while settling, before or after the broker knows of it. */
        LOST_SETTLEMENTS,
        /** The idempotency store. */
        STORE
    }
}
