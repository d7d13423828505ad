package io.anymq.tck;

import java.util.List;
import java.util.Map;

/**
 * Messages that a broker stores and that no client can decode, written with the vendor's own protocol, past whatever its
 * client would check: a body that says that it is compressed and is not, one that claims a length it does not have, one
 * that would fill the memory. Thread-safe.
 */
public interface MalformedMessages {
    /** The names of all kinds that this broker takes, such as {@code zlib-garbage}; at least one. */
    List<String> kinds();

    /** The bytes that the broker stores as the body of a message of this kind; no two kinds have the same. */
    byte[] body(String kind);

    /**
     * Stores one in a queue that exists and returns when the broker has confirmed it.
     *
     * @param key the ordering key: messages of a key stay in the order in which they are stored, from every
     *     client
     */
    void store(String queue, String kind, String key) throws Exception;

    /**
     * For each kind the number of messages in the queue that are stored exactly as {@link #store} does it, with the same
     * type, flags and bytes. As for {@link PlainClient#read} it does not matter whether settled ones are counted.
     */
    Map<String, Integer> held(String queue) throws Exception;
}
