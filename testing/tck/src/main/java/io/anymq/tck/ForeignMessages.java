package io.anymq.tck;

import java.util.List;
import java.util.Map;

/**
 * Messages as other programs write them with the vendor's own client: with keys and headers that are not text, headers of
 * every type, and properties that AnyMQ has no name for. Thread-safe.
 */
public interface ForeignMessages {
    /**
     * The names of all kinds. Each has a key of its own, or none; there are at least two whose keys differ only in bytes
     * that are not UTF-8, if the broker takes such keys.
     */
    List<String> kinds();

    /**
     * Stores one in a queue that exists and returns when the broker has confirmed it. Its body is the kind's name, unless
     * the kind is about the body.
     */
    void store(String queue, String kind) throws Exception;

    /**
     * For each kind the number of messages in the queue with all that {@link #store} has given it: the bytes of key and
     * headers, the types of headers, and the vendor's own properties. What AnyMQ has added does not matter. An expiry
     * counts as kept when it is readable and not in force any more. As for {@link PlainClient#read} it does not matter
     * whether settled messages are counted.
     */
    Map<String, Integer> held(String queue) throws Exception;
}
