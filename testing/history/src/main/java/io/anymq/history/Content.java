package io.anymq.history;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content that must arrive as it was sent: the key, and digests of body and headers, so that a history of a million
 * messages does not hold their payloads. The digests tell damage from no damage; they are no protection against a
 * forger.
 *
 * @param key null for a message without one
 * @param body digest of the bytes
 * @param headers digest of the headers, whatever their order
 */
public record Content(@Nullable String key, long body, long headers) {
    private static final String RESERVED = "mq-";

    /**
     * The content of a message. Headers whose names begin with {@code mq-} are left out: AnyMQ adds them on the way, a
     * dead letter's reason for example.
     */
    public static Content of(@Nullable String key, byte[] body, Map<String, String> headers) {
        long sum = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!header.getKey().startsWith(RESERVED)) {
                // added up, so that the order of the headers makes no difference
                sum += Digest.mix(Digest.of(bytes(header.getKey())) * 31 + Digest.of(bytes(header.getValue())));
            }
        }
        return new Content(key, Digest.of(body), sum);
    }

    /** The content of a message without headers. */
    public static Content of(@Nullable String key, byte[] body) {
        return of(key, body, Map.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }
}
