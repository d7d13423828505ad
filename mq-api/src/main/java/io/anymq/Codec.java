package io.anymq;

/**
 * Turns bodies into bytes and back. A codec is chosen by content type on the way in, so producers and consumers need not
 * use the same one. Thread-safe. Text ({@code String}) and bytes ({@code byte[]}) are built in; {@code codec-json} adds
 * JSON for everything else through {@link java.util.ServiceLoader}.
 */
@API(API.Status.STABLE)
public interface Codec {
    /** The content type it writes and reads, such as {@code application/json}; ASCII, at most 128 characters. */
    String contentType();

    /** Whether it can write and read this type. */
    boolean supports(Class<?> type);

    /**
     * Whether it can write and read this type with its arguments, such as {@code List<Order>}. Default: a type without
     * arguments as {@link #supports(Class)} says, and no other. A codec that overrides this overrides {@link
     * #decode(byte[], TypeRef)}, too.
     */
    default boolean supports(TypeRef<?> type) {
        return type.type() == type.rawType() && supports(type.rawType());
    }

    /**
     * The bytes of {@code body}; the array is not changed afterwards.
     *
     * @throws Exception if that cannot be done; reported as {@link ErrorCode#ENCODING}
     */
    byte[] encode(Object body) throws Exception;

    /**
     * The object in {@code bytes}, which must not be changed or kept.
     *
     * @throws Exception if that cannot be done; the message goes to the dead letter as UNDECODABLE
     */
    <T> T decode(byte[] bytes, Class<T> type) throws Exception;

    /**
     * The object in {@code bytes}, which must not be changed or kept; what consumers call. Default: as {@link
     * #decode(byte[], Class)}.
     *
     * @throws Exception if that cannot be done; the message goes to the dead letter as UNDECODABLE
     */
    @SuppressWarnings("unchecked") // only types without arguments come here, whose raw type is the type itself
    default <T> T decode(byte[] bytes, TypeRef<T> type) throws Exception {
        return (T) decode(bytes, type.rawType());
    }
}
