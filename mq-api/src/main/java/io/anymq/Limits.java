package io.anymq;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The portable limits. Every supported broker accepts values within them; others are refused before anything
 * is sent, with an error that names the limit. Stateless.
 */
@API(API.Status.STABLE)
public final class Limits {
    /** Longest name of a queue, topic or subscription, in characters. */
    public static final int MAX_NAME_LENGTH = 64;

    /** Longest key or message id, in UTF-16 characters. */
    public static final int MAX_KEY_LENGTH = 256;

    /** All header names and values of one message together, in UTF-8 bytes. */
    public static final int MAX_HEADER_BYTES = 16 * 1024;

    /** Longest header name, in characters; names are printable ASCII without spaces. */
    public static final int MAX_HEADER_NAME_LENGTH = 128;

    /** Largest body unless configured otherwise ({@code anymq.producer.max-body}), in bytes. */
    public static final int DEFAULT_MAX_BODY_BYTES = 1024 * 1024;

    /** Longest content type, in characters. */
    public static final int MAX_CONTENT_TYPE_LENGTH = 128;

    /** Header names with this prefix belong to AnyMQ. */
    public static final String RESERVED_PREFIX = "mq-";

    private Limits() {}

    static void requireName(String what, String name) {
        if (!isName(name)) {
            throw new MessagingException(
                    ErrorCode.INVALID_NAME,
                    what + " name '" + Escape.forLog(name) + "' is not portable: use 1 to " + MAX_NAME_LENGTH
                            + " characters of A-Z a-z 0-9 _ -");
        }
    }

    /** Whether {@code name} matches {@code [A-Za-z0-9_-]{1,64}}. */
    public static boolean isName(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_NAME_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            boolean legal =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!legal) {
                return false;
            }
        }
        return true;
    }

    static void requireBody(@Nullable Object body) {
        if (body == null) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the body must not be null; send an empty body or an object that stands for it");
        }
        if (body instanceof Message<?>) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the body must not be a Message; declare the variable as Message<…> so that"
                            + " send(Message) is called, or pass its body()");
        }
    }

    static void requireContentType(String contentType) {
        if (!isContentType(contentType)) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "content type '" + Escape.forLog(contentType) + "' must be 1 to " + MAX_CONTENT_TYPE_LENGTH
                            + " characters of printable ASCII, but has " + contentType.length());
        }
    }

    /** Whether {@code contentType} has 1 to 128 characters of printable ASCII, without a space at either end. */
    public static boolean isContentType(String contentType) {
        int length = contentType.length();
        if (length == 0 || length > MAX_CONTENT_TYPE_LENGTH || !contentType.equals(contentType.strip())) {
            return false;
        }
        return contentType.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    static void requireKey(String what, String value) {
        if (value.isEmpty() || value.length() > MAX_KEY_LENGTH) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "the message " + what + " must have 1 to " + MAX_KEY_LENGTH + " characters, but has "
                            + value.length());
        }
        requireUnicode("the message ", what, value);
    }

    static void requireHeaders(Map<String, String> headers) {
        long bytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            requireHeaderName(header.getKey());
            requireUnicode("the value of header ", header.getKey(), header.getValue());
            bytes += header.getKey().length() + utf8Length(header.getValue());
        }
        if (bytes > MAX_HEADER_BYTES) {
            throw new MessagingException(
                    ErrorCode.TOO_LARGE,
                    "the headers must not exceed " + MAX_HEADER_BYTES + " bytes, but take " + bytes
                            + "; move large values into the body");
        }
    }

    private static void requireHeaderName(String name) {
        if (name.isEmpty() || name.length() > MAX_HEADER_NAME_LENGTH) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "a header name must have 1 to " + MAX_HEADER_NAME_LENGTH + " characters, but has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new MessagingException(
                        ErrorCode.INVALID_MESSAGE,
                        "header name '" + Escape.forLog(name) + "' must be printable ASCII without spaces");
            }
        }
        if (name.regionMatches(true, 0, RESERVED_PREFIX, 0, RESERVED_PREFIX.length())) {
            throw new MessagingException(
                    ErrorCode.INVALID_MESSAGE,
                    "header '" + name + "' is reserved: names that begin with '" + RESERVED_PREFIX
                            + "' belong to AnyMQ; choose another name");
        }
    }

    private static void requireUnicode(String what, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(i + 1));
                if (!pair) {
                    throw new MessagingException(
                            ErrorCode.INVALID_MESSAGE,
                            what + name + " contains an unpaired surrogate at index " + i
                                    + ", which cannot be encoded; remove it");
                }
                i++;
            }
        }
    }

    private static int utf8Length(String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
