package io.anymq.spi;

import io.anymq.API;

/**
 * A receiver that fetches messages in advance, and can adapt how many. Optional: without it the receiver should fetch
 * few enough in any case, since what one receiver has fetched no other can have.
 *
 * <p>The window follows what the handlers finish in a second, so it changes a few times a second at most, by an eighth
 * or more.
 *
 * <p>Single-threaded, as {@link BrokerReceiver}.
 */
@API(API.Status.EVOLVING)
public interface WindowedReceiver extends BrokerReceiver {
    /**
     * From now on no more than {@code messages}, at least 1, are to be fetched and not acknowledged, those that were
     * handed out included. Those that are there already remain. Called before the first {@link #receive} and then
     * between two of them. Must not block longer than a few round trips.
     *
     * @throws io.anymq.MessagingException as {@link #receive}
     */
    void window(int messages);
}
