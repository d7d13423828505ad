package io.anymq.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.Codec;
import io.anymq.Destination;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Source;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.Map;

/** Calls a JSON codec as the engine does. */
abstract class CodecUnderTest {
    final Codec codec = strict();

    /** The codec as it is found on the class path. */
    protected abstract Codec strict();

    /** The codec with one constant of its {@code JsonLeniency}. */
    protected abstract Codec allowing(String leniency);

    record Reading(Source source, Type type, String contentType, Charset charset, Map<String, String> headers)
            implements Codec.DecodeContext {}

    record Writing(Destination destination, Type type, String contentType, Map<String, String> headers)
            implements Codec.EncodeContext {}

    static Reading reading(Type type, String charset) {
        return new Reading(
                Queue.of("q"),
                type,
                "application/json",
                charset.isEmpty() ? UTF_8 : Charset.forName(charset),
                Map.of());
    }

    byte[] write(Object body) throws Exception {
        return codec.encode(body, new Writing(Queue.of("q"), body.getClass(), "application/json", Map.of()));
    }

    <T> T read(String json, Class<T> type) throws Exception {
        return read(codec, json, type);
    }

    static <T> T read(Codec codec, String json, Class<T> type) throws Exception {
        return type.cast(codec.decode(json.getBytes(UTF_8), reading(type, "")));
    }

    <T> T back(Object body, Class<T> type) throws Exception {
        return type.cast(codec.decode(write(body), reading(type, "")));
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    MessagingException refusal(String json, Type type) {
        return refusal(json.getBytes(UTF_8), type);
    }

    MessagingException refusal(byte[] bytes, Type type) {
        return typed(
                catchThrowableOfType(MessagingException.class, () -> codec.decode(bytes, reading(type, ""))),
                ErrorCode.DECODING);
    }

    MessagingException unwritable(Object body) {
        return typed(catchThrowableOfType(MessagingException.class, () -> write(body)), ErrorCode.ENCODING);
    }

    private static MessagingException typed(MessagingException error, ErrorCode code) {
        assertThat(error).isNotNull().hasNoCause().hasMessageNotContaining("secret");
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isFalse();
        assertThat(error.getMessage()).hasSizeLessThan(500);
        return error;
    }
}
