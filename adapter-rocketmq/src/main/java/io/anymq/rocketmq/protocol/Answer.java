package io.anymq.rocketmq.protocol;

/**
 * Hears how a request ended, once, on the client's thread or the caller's.
 *
 * @param <T> what the server answers
 */
public interface Answer<T> {
    /** The server did what was asked. */
    void came(T answer);

    /** It refused, or there is no answer. */
    void failed(Failure failure);
}
