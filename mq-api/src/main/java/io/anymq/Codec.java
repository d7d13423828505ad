package io.anymq;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Turns bodies into bytes and back. Producers choose a codec by the type of the body, or by {@link
 * Message#withContentType}; consumers choose it by the content type of the message, so both need not use the same one.
 * A consumer of {@code String} takes every {@code text/*} and JSON as text, in the charset that the content type names.
 * Thread-safe. Text ({@code String}) and bytes ({@code byte[]}) are built in; {@code anymq-codec-json} or {@code
 * anymq-codec-jackson3} adds JSON for everything else through {@link java.util.ServiceLoader}. A codec added to the
 * client is preferred to the others.
 *
 * <pre>{@code
 * final class OrderCodec implements Codec {
 *     public String contentType() { return "application/x-order"; }
 *     public boolean supports(Type type) { return type == Order.class; }
 *     public byte[] encode(Object body, EncodeContext context) { return ((Order) body).toBytes(); }
 *     public Object decode(byte[] bytes, DecodeContext context) { return Order.parse(bytes); }
 * }
 * }</pre>
 */
@API(API.Status.STABLE)
public interface Codec {
    /** The content type it writes and reads, such as {@code application/json}; printable ASCII, 1 to 128 characters. */
    String contentType();

    /**
     * Whether it can write and read this type: a {@link Class}, or for a {@link TypeRef} with type arguments a {@link
     * java.lang.reflect.ParameterizedType}. Called for every message, so answer quickly.
     */
    boolean supports(Type type);

    /**
     * The bytes of {@code body}, never null; the array is not changed afterwards.
     *
     * @throws Exception if that cannot be done; reported as {@link ErrorCode#ENCODING}, as anything else it throws
     */
    byte[] encode(Object body, EncodeContext context) throws Exception;

    /**
     * The object in {@code bytes}, which must not be changed or kept; never null, and of the type in {@code context}.
     *
     * @throws Exception if that cannot be done; the message goes to the dead letter as UNDECODABLE, whatever is thrown
     */
    Object decode(byte[] bytes, DecodeContext context) throws Exception;

    /** The context in which a body is encoded. Created by AnyMQ; later versions may add methods. */
    interface EncodeContext {
        /** Where the message goes. */
        Destination destination();

        /** The declared type of the body with its type arguments; its class where none was declared. */
        Type type();

        /** The content type the message will carry: its own, or the codec's. */
        String contentType();

        /** The message's headers, unmodifiable. */
        Map<String, String> headers();
    }

    /** For what bytes are decoded. Made by AnyMQ; later versions may add methods. */
    interface DecodeContext {
        /** Where the message was read. */
        Source source();

        /** The type the consumer asked for, with its type arguments. */
        Type type();

        /** The content type the message carries; empty if a foreign client did not set one. */
        String contentType();

        /**
         * The charset named in the content type, UTF-8 if it names none. A codec of text must read the bytes in it.
         *
         * @throws MessagingException with {@link ErrorCode#DECODING} if this JVM does not know the charset
         */
        Charset charset();

        /** The sender's headers, unmodifiable. */
        Map<String, String> headers();
    }
}
