package io.anymq.jackson3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.API;
import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.TypeRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * Bodies as {@code application/json}: records, beans, enums, collections, {@code java.time}, {@link
 * java.util.Optional}, by Jackson 3. Found by {@link java.util.ServiceLoader}, so nothing has to be said to use it.
 * Thread-safe.
 *
 * <p>Defaults: UTF-8; times and durations as ISO-8601 text with their own offset; unknown properties ignored, so that
 * producers may add fields before consumers know them. A class is never chosen by the message: type ids that name a
 * class are refused. Values nest at most {@value StrictMapper#MAX_NESTING} deep, both ways, and a number has at most
 * {@value StrictMapper#MAX_NUMBER_LENGTH} characters. A document in another charset is read if the content type names
 * it.
 *
 * <p>A document that would not be read exactly is refused: a fraction for an integer, a number for an enum, null or
 * nothing for a primitive, text for a number, a key that occurs twice, a number for a time (seconds and milliseconds
 * look alike), anything after the value. Untyped decimals are {@link java.math.BigDecimal}s. {@link #allowing} turns
 * each of these off.
 *
 * <p>Errors are {@link MessagingException}s with {@link ErrorCode#ENCODING} or {@link ErrorCode#DECODING} that say
 * the place of the fault in the document, and never repeat its content. For the same reason they have no cause:
 * Jackson's own messages quote the values.
 *
 * <pre>{@code
 * record Order(String id, BigDecimal total, Instant placedAt) {}
 *
 * client.producer(Queue.of("orders"), Order.class).send(new Order("o-1", new BigDecimal("9.90"), Instant.now()));
 *
 * // for a producer that sends milliseconds
 * MessagingClient.builder().codec(Jackson3Codec.allowing(JsonLeniency.EPOCH_MILLIS)).open();
 *
 * // with a custom mapper
 * MessagingClient.builder().codec(Jackson3Codec.of(mapper)).open();
 * }</pre>
 */
@API(API.Status.EVOLVING)
public final class Jackson3Codec implements Codec {
    private static final String CONTENT_TYPE = "application/json";

    private final ObjectMapper mapper;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    /** The defaults described above. */
    public Jackson3Codec() {
        this(StrictMapper.create(Set.of()));
    }

    private Jackson3Codec(ObjectMapper mapper) {
        this.mapper = mapper;
        this.reader = mapper.reader();
        this.writer = mapper.writer();
    }

    /**
     * The defaults but for what is named here.
     *
     * @throws IllegalArgumentException if both seconds and milliseconds are
     */
    public static Jackson3Codec allowing(JsonLeniency first, JsonLeniency... more) {
        Set<JsonLeniency> allowed = EnumSet.of(first, more);
        if (allowed.contains(JsonLeniency.EPOCH_SECONDS) && allowed.contains(JsonLeniency.EPOCH_MILLIS)) {
            throw new IllegalArgumentException("allow EPOCH_SECONDS or EPOCH_MILLIS, not both: the numbers look alike");
        }
        return new Jackson3Codec(StrictMapper.create(allowed));
    }

    /**
     * A codec with this mapper's modules, features and limits. Strictness, indentation, unknown properties and nesting
     * depth are then the mapper's affair.
     *
     * @throws IllegalArgumentException if default typing is on, which would let a message choose the class that is made
     */
    public static Jackson3Codec of(ObjectMapper mapper) {
        if (mapper.deserializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
            throw new IllegalArgumentException(
                    "the mapper must not use default typing, which lets a message choose the class to instantiate;"
                            + " build it without activateDefaultTyping() and name the subtypes with @JsonSubTypes");
        }
        return new Jackson3Codec(mapper);
    }

    @Override
    public String contentType() {
        return CONTENT_TYPE;
    }

    /** Everything but {@code String} and {@code byte[]}, which AnyMQ sends as they are. */
    @Override
    public boolean supports(Type type) {
        return type != String.class && type != byte[].class;
    }

    @Override
    public byte[] encode(Object body, EncodeContext context) {
        // without type arguments, the class of the body itself says more than the declared one
        return context.type() instanceof ParameterizedType generic
                ? encode(writer.forType(mapper.constructType(generic)), body)
                : encode(body);
    }

    /** The JSON text of {@code body}, in UTF-8. */
    public byte[] encode(Object body) {
        return encode(writer, body);
    }

    private static byte[] encode(ObjectWriter writer, Object body) {
        try {
            return writer.writeValueAsBytes(body);
        } catch (JacksonException e) {
            throw new MessagingException(
                    ErrorCode.ENCODING,
                    "cannot write " + body.getClass().getName() + " as JSON" + JsonFault.describe(e));
        }
    }

    /**
     * The object in {@code bytes}.
     *
     * @throws MessagingException with {@link ErrorCode#DECODING}: not JSON, not of this type, too deep, {@code null} or
     *     nothing at all
     */
    public <T> T decode(byte[] bytes, Class<T> type) {
        @SuppressWarnings("unchecked") // the reader makes what it is told to make, also for primitive types
        T value = (T) decode(bytes, (Type) type);
        return value;
    }

    /** Like {@link #decode(byte[], Class)}, for a type with type arguments. */
    public <T> T decode(byte[] bytes, TypeRef<T> type) {
        @SuppressWarnings("unchecked") // the reader makes what it is told to make
        T value = (T) decode(bytes, type.type());
        return value;
    }

    @Override
    public Object decode(byte[] bytes, DecodeContext context) {
        Charset charset = context.charset();
        return decode(charset.equals(UTF_8) ? bytes : inUtf8(bytes, charset, context.type()), context.type());
    }

    private static byte[] inUtf8(byte[] bytes, Charset charset, Type type) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return charset.newDecoder().decode(in).toString().getBytes(UTF_8);
        } catch (CharacterCodingException e) {
            throw undecodable(type, ": the text is not in " + charset.name() + " at byte " + in.position());
        }
    }

    private Object decode(byte[] bytes, Type type) {
        if (bytes.length == 0) {
            throw undecodable(type, ": the body is empty");
        }
        @Nullable Object value;
        try {
            value = reader.forType(mapper.constructType(type)).readValue(bytes);
        } catch (JacksonIOException e) {
            throw undecodable(type, ": the text is not in UTF-8, UTF-16 or UTF-32");
        } catch (JacksonException e) {
            throw undecodable(type, JsonFault.describe(e));
        }
        if (value == null) {
            throw undecodable(type, ": the body is null");
        }
        return value;
    }

    private static MessagingException undecodable(Type type, String why) {
        return new MessagingException(ErrorCode.DECODING, "cannot read JSON as " + type.getTypeName() + why);
    }
}
