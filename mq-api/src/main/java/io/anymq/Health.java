package io.anymq;

/**
 * Whether a client or consumer can do its work.
 *
 * @param status the answer
 * @param detail one sentence for an operator
 */
@API(API.Status.STABLE)
public record Health(Status status, String detail) {
    /** From good to bad. */
    public enum Status {
        /** Working. */
        UP,
        /**
         * Working with a restriction: paused, reconnecting, throttled by the broker, or waiting for an idempotency
         * store, a dead-letter queue or an executor.
         */
        DEGRADED,
        /** Not working. */
        DOWN
    }

    /** Everything works. */
    public static Health up(String detail) {
        return new Health(Status.UP, detail);
    }

    /** Works with a restriction. */
    public static Health degraded(String detail) {
        return new Health(Status.DEGRADED, detail);
    }

    /** Does not work. */
    public static Health down(String detail) {
        return new Health(Status.DOWN, detail);
    }
}
