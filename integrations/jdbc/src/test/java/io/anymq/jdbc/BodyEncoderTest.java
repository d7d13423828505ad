package io.anymq.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Queue;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies get the bytes and the content types that a producer gives them. */
class BodyEncoderTest {
    private static final Queue QUEUE = Queue.of("q");

    /** Writes numbers, and fails with zero. */
    private static final class Numbers implements Codec {
        @Override
        public String contentType() {
            return "application/x-number";
        }

        @Override
        public boolean supports(Type type) {
            return type == Integer.class;
        }

        @Override
        public byte[] encode(Object body, EncodeContext context) {
            return new byte[] {(byte) (100 / (int) body)};
        }

        @Override
        public Object decode(byte[] bytes, DecodeContext context) {
            return (int) bytes[0];
        }
    }

    private final BodyEncoder encoder = new BodyEncoder(List.of(new Numbers()));

    private BodyEncoder.Encoded encode(Message<?> message) {
        return encoder.encode(QUEUE, message, message.body().getClass());
    }

    private static MessagingException refused(Runnable call) {
        return catchThrowableOfType(MessagingException.class, call::run);
    }

    @Test
    void textBytesAndWhatACodecSupports() {
        assertThat(encode(Message.of("ä")).bytes()).isEqualTo("ä".getBytes(StandardCharsets.UTF_8));
        assertThat(encode(Message.of("ä")).contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(encode(Message.of(new byte[] {1})).contentType()).isEqualTo("application/octet-stream");
        assertThat(encode(Message.of(new byte[] {1}).withContentType("application/json"))
                        .contentType())
                .isEqualTo("application/json");
        assertThat(encode(Message.of(50)).bytes()).containsExactly(2);
        assertThat(encode(Message.of(50)).contentType()).isEqualTo("application/x-number");
        assertThat(encode(Message.of(50).withContentType("application/x-number; v=1"))
                        .contentType())
                .isEqualTo("application/x-number; v=1");
    }

    @Test
    void whatCannotBeEncodedSaysWhy() {
        assertThat(refused(() -> encode(Message.of(0)))).hasMessageContaining("ArithmeticException");
        assertThat(refused(() -> encode(Message.of(1L)))).hasMessageContaining("anymq-codec-json");
        assertThat(refused(() -> encode(Message.of(1).withContentType("application/json"))))
                .hasMessageContaining("application/json");
        MessagingException half = refused(() -> encode(Message.of("\uD83D")));
        assertThat(half.code()).isEqualTo(ErrorCode.ENCODING);
    }
}
