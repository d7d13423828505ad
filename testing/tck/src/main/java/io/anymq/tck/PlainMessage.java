package io.anymq.tck;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as the vendor's own client sees it. Id, key and content type are read from, and written to, the places where
 * the adapter documents to keep them (a native property or a {@code mq-} header).
 *
 * @param id the message id; null when a foreign client sends none
 * @param key the ordering key, or null
 * @param body the bytes, possibly empty
 * @param contentType such as {@code text/plain; charset=utf-8}; null when a foreign client does not say
 * @param headers all other headers, the {@code mq-dead-…} ones included
 */
@SuppressWarnings("ArrayRecordComponent") // a body is bytes, and messages are not compared
public record PlainMessage(
        @Nullable String id,
        @Nullable String key,
        byte[] body,
        @Nullable String contentType,
        Map<String, String> headers) {
    /** Copies the map. */
    public PlainMessage {
        headers = Map.copyOf(headers);
    }

    /** Id, key and the size of the body. */
    @Override
    public String toString() {
        return "plain message " + id + " key " + key + " with " + body.length + " bytes and headers "
                + headers.keySet();
    }
}
