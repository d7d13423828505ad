package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.WireMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A base for received messages whose headers are read at the first look at one of them. Read by one thread at a time,
 * as every {@link InboundMessage}.
 *
 * <pre>{@code
 * final class XMessage extends LazyMessage {
 *     protected void decode() {
 *         sentAt(record.timestamp());
 *         record.headers().forEach(this::header);
 *     }
 *
 *     protected String derivedId() {
 *         return record.partition() + "@" + record.offset();
 *     }
 * }
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LazyMessage implements InboundMessage {
    /** The body of a message without one. */
    protected static final byte[] EMPTY = {};

    private boolean decoded;
    private String id = "";
    private @Nullable String key;
    private String contentType = "";
    private Map<String, String> headers = Map.of();
    private long sentAt;
    private long deliverAt;

    /** One that was not looked at yet. */
    protected LazyMessage() {}

    /** Reads the vendor's message and calls the methods below. Called once, before anything that they set is read. */
    protected abstract void decode();

    /** The id of a message that has none of its own; see {@link #id()}. Called once, when it is asked for. */
    protected abstract String derivedId();

    private void decodeOnce() {
        if (!decoded) {
            decoded = true;
            decode();
            if (!headers.isEmpty()) {
                headers = Collections.unmodifiableMap(headers);
            }
        }
    }

    /** Sets the message id; empty or null means that it has none. */
    protected final void id(@Nullable String value) {
        id = value == null ? "" : value;
    }

    /** Sets the ordering key; null means that it has none. */
    protected final void key(@Nullable String value) {
        key = value;
    }

    /** Sets the content type; null means that it has none. */
    protected final void contentType(@Nullable String value) {
        contentType = value == null ? "" : value;
    }

    /** Sets the time of sending in milliseconds since 1970; a negative value means unknown. */
    protected final void sentAt(long millis) {
        sentAt = Math.max(0, millis);
    }

    /** Sets the time of delivery in milliseconds since 1970; a negative value means at once. */
    protected final void deliverAt(long millis) {
        deliverAt = Math.max(0, millis);
    }

    /**
     * Takes a header of whatever name. {@link WireHeaders#ID}, KEY, CONTENT_TYPE, SENT_AT and DELIVER_AT set the field
     * they stand for, and a number that is none changes nothing; all others go to {@link #headers()}.
     */
    protected final void header(String name, String value) {
        switch (name) {
            case WireHeaders.ID -> id = value;
            case WireHeaders.KEY -> key = value;
            case WireHeaders.CONTENT_TYPE -> contentType = value;
            case WireHeaders.SENT_AT -> sentAt = millis(value, sentAt);
            case WireHeaders.DELIVER_AT -> deliverAt = millis(value, deliverAt);
            default -> otherHeader(name, value);
        }
    }

    /** Adds to {@link #headers()}, whatever the name. */
    protected final void otherHeader(String name, String value) {
        if (headers.isEmpty()) {
            headers = new LinkedHashMap<>();
        }
        headers.put(name, value);
    }

    /**
     * The reverse of {@link #header}, for a broker that has nothing but headers: those of a message, and what else is
     * said about it, as text. The map belongs to the caller.
     */
    public static Map<String, String> allAsHeaders(WireMessage message) {
        Map<String, String> all = new LinkedHashMap<>(message.headers());
        all.put(WireHeaders.ID, message.id());
        String key = message.key();
        if (key != null) {
            all.put(WireHeaders.KEY, key);
        }
        all.put(WireHeaders.CONTENT_TYPE, message.contentType());
        all.put(WireHeaders.SENT_AT, Long.toString(message.sentAtMillis()));
        if (message.deliverAtMillis() > 0) {
            all.put(WireHeaders.DELIVER_AT, Long.toString(message.deliverAtMillis()));
        }
        return all;
    }

    /** The number in a text, never below 0. A foreign client may write anything, which counts as {@code otherwise}. */
    public static long millis(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    @Override
    public String id() {
        decodeOnce();
        if (id.isEmpty()) {
            id = derivedId();
        }
        return id;
    }

    @Override
    public @Nullable String key() {
        decodeOnce();
        return key;
    }

    @Override
    public String contentType() {
        decodeOnce();
        return contentType;
    }

    @Override
    public Map<String, String> headers() {
        decodeOnce();
        return headers;
    }

    @Override
    public long sentAtMillis() {
        decodeOnce();
        return sentAt;
    }

    @Override
    public long deliverAtMillis() {
        decodeOnce();
        return deliverAt;
    }
}
