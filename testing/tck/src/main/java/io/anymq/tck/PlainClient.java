package io.anymq.tck;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The broker as it looks without AnyMQ: written with the vendor's own client, so that the rules check the broker's
 * content and not the library's claims. Thread-safe.
 */
public interface PlainClient {
    /**
     * The messages of the queue, oldest first as far as the broker has an order. Waits until there are {@code expected}
     * messages or {@code bound} has passed, then looks once more and returns <b>everything</b> that is there, so that
     * superfluous copies show. Takes nothing away and disturbs no consumer: it browses, or reads in a group of its own.
     *
     * <p>The rules call it for queues without consumers, so it does not matter whether settled messages are
     * still visible. A queue that does not exist holds nothing.
     *
     * @param expected how many are awaited; with 0 the first look decides
     */
    List<PlainMessage> read(String queue, int expected, Duration bound) throws Exception;

    /** Sends to a queue that exists and returns when the broker has confirmed it. */
    void send(String queue, PlainMessage message) throws Exception;

    /** Its support for the rules on physical names; none by default, which skips those rules. */
    default Optional<PlainPlaces> places() {
        return Optional.empty();
    }
}
