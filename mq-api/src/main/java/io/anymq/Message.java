package io.anymq;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body with what travels beside it. Immutable; every {@code with…} method returns a changed copy and checks its
 * argument at once, throwing {@link MessagingException} with {@link ErrorCode#INVALID_MESSAGE} or {@link
 * ErrorCode#TOO_LARGE}.
 *
 * <pre>{@code
 * producer.send(Message.of(order).withKey(order.customer()).withHeader("tenant", "acme"));
 * }</pre>
 *
 * @param <T> the type of the body
 */
@API(API.Status.STABLE)
public final class Message<T> {
    private final T body;
    private final @Nullable String id;
    private final @Nullable String key;
    private final Map<String, String> headers;
    private final @Nullable Duration delay;
    private final @Nullable String contentType;

    private Message(
            T body,
            @Nullable String id,
            @Nullable String key,
            Map<String, String> headers,
            @Nullable Duration delay,
            @Nullable String contentType) {
        this.body = body;
        this.id = id;
        this.key = key;
        this.headers = headers;
        this.delay = delay;
        this.contentType = contentType;
    }

    /**
     * A message without key, headers and delay, whose id is assigned when it is sent. Neither null nor another message
     * is a body.
     */
    public static <T> Message<T> of(T body) {
        Limits.requireBody(body);
        return new Message<>(body, null, null, Map.of(), null, null);
    }

    /** A copy with this id, 1 to 256 characters; without one the producer assigns an id of its own. */
    public Message<T> withId(String id) {
        Limits.requireKey("id", id);
        return new Message<>(body, id, key, headers, delay, contentType);
    }

    /** A copy with this key, 1 to 256 characters of any Unicode; messages of one key keep their order. */
    public Message<T> withKey(String key) {
        Limits.requireKey("key", key);
        return new Message<>(body, id, key, headers, delay, contentType);
    }

    /** A copy with one header added or replaced. Names beginning with {@code mq-} are reserved. */
    public Message<T> withHeader(String name, String value) {
        Objects.requireNonNull(value, "value");
        Map<String, String> copy = new LinkedHashMap<>(headers);
        copy.put(name, value);
        return withHeaders(copy);
    }

    /** A copy with exactly these headers, at most 16 KiB together. */
    public Message<T> withHeaders(Map<String, String> headers) {
        Map<String, String> copy = Map.copyOf(headers);
        Limits.requireHeaders(copy);
        return new Message<>(body, id, key, copy, delay, contentType);
    }

    /**
     * A copy that is delivered no earlier than {@code delay} after it is sent. Not together with a key: a message that
     * waits cannot keep its place in an order. {@link Duration#ZERO} means at once; at most 7 days.
     */
    public Message<T> withDelay(Duration delay) {
        if (delay.isNegative() || delay.compareTo(Duration.ofDays(7)) > 0) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE, "the delay must be between 0 and 7 days, but was " + delay);
        }
        return new Message<>(body, id, key, headers, delay.isZero() ? null : delay, contentType);
    }

    /**
     * A copy that is encoded as this content type, 1 to 128 characters of printable ASCII, such as {@code
     * application/x-protobuf}. It selects the codec that writes the body; a send ends with {@link ErrorCode#ENCODING}
     * if none can. A {@code byte[]} body is sent as it is, and the content type tells the consumer its format. Default:
     * the content type of the body type's codec.
     */
    public Message<T> withContentType(String contentType) {
        Limits.requireContentType(contentType);
        return new Message<>(body, id, key, headers, delay, contentType);
    }

    /** The body. */
    public T body() {
        return body;
    }

    /** The id, or null where the producer is to assign one. */
    public @Nullable String id() {
        return id;
    }

    /** The ordering key, or null. */
    public @Nullable String key() {
        return key;
    }

    /** The headers, unmodifiable, possibly empty. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The delay before the broker delivers the message, or null for none. */
    public @Nullable Duration delay() {
        return delay;
    }

    /** The content type it asks for, or null for that of the codec. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** Id, key and number of headers; never the body. */
    @Override
    public String toString() {
        return "message " + (id == null ? "(id not assigned)" : Escape.forLog(id))
                + (key == null ? "" : " key " + Escape.forLog(key))
                + (headers.isEmpty() ? "" : " " + headers.size() + " headers");
    }
}
