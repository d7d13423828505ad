package io.anymq.tck;

import io.anymq.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Messages the rules send. */
final class Messages {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String UNKNOWN_TYPE = "application/x-anymq-tck-unknown";

    private Messages() {}

    static Message<String> keyed(String key, String body) {
        return Message.of(body).withKey(key);
    }

    /** The body of message number {@code i}. */
    static String body(int i) {
        return String.format(Locale.ROOT, "m%05d", i);
    }

    static List<String> bodies(int from, int to) {
        return IntStream.range(from, to).mapToObj(Messages::body).toList();
    }

    /** {@code count} messages without keys. */
    static List<Message<String>> unkeyed(int count) {
        return IntStream.range(0, count).mapToObj(i -> Message.of(body(i))).toList();
    }

    /** {@code count} messages, spread over {@code keys} keys in turn. */
    static List<Message<String>> spread(int count, int keys) {
        return spread(0, count, keys);
    }

    /** Like {@link #spread(int, int)} with numbers from {@code from} to before {@code to}. */
    static List<Message<String>> spread(int from, int to, int keys) {
        return IntStream.range(from, to)
                .mapToObj(i -> keyed("key-" + i % keys, body(i)))
                .toList();
    }

    /** The bodies of one key of {@link #spread(int, int)}. */
    static List<String> bodiesOfKey(int key, int count, int keys) {
        return IntStream.range(0, count)
                .filter(i -> i % keys == key)
                .mapToObj(Messages::body)
                .toList();
    }

    /** {@code count} messages of one key. */
    static List<Message<String>> ofKey(String key, int count) {
        return IntStream.range(0, count).mapToObj(i -> keyed(key, body(i))).toList();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message of a client that does not use AnyMQ: bytes of a type that no codec knows. */
    static PlainMessage undecodable(String id, @Nullable String key) {
        return new PlainMessage(
                id,
                key,
                new byte[] {(byte) 0xFF, 0, (byte) 0xC3, 0x28},
                UNKNOWN_TYPE,
                java.util.Map.of("x-origin", "plain"));
    }
}
