package io.anymq.tck.net;

/** The way bytes go. */
public enum Direction {
    /** Requests: from the client to the broker. */
    TO_BROKER,

    /** Answers and deliveries: from the broker to the client. */
    TO_CLIENT
}
