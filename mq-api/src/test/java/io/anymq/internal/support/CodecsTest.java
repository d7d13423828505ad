package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.TypeRef;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodecsTest {
    private final Codecs codecs = new Codecs(List.of());
    private final TextCodec text = new TextCodec();

    @Test
    void anyTextComesBackAsItWas() throws Exception {
        for (String sample :
                List.of("", "plain", "ключ", "\u0000\n\r\t", "\uD83D\uDE00", "e\u0301", "\uFEFFx", "\uFFFF")) {
            assertThat(text.decode(text.encode(sample), String.class)).isEqualTo(sample);
        }
    }

    @Test
    void halfOfASurrogatePairIsRefusedRatherThanReplaced() {
        for (String broken : List.of("\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D")) {
            assertThatThrownBy(() -> text.encode(broken)).isInstanceOf(CharacterCodingException.class);
        }
    }

    @Test
    void malformedBytesAreRefusedRatherThanReplaced() {
        byte[][] malformed = {
            {(byte) 0xFF},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xE2, (byte) 0x82},
            {'a', (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        };
        for (byte[] bytes : malformed) {
            assertThatThrownBy(() -> text.decode(bytes, String.class)).isInstanceOf(CharacterCodingException.class);
        }
    }

    @Test
    void bytesAreCopiedBothWays() throws Exception {
        BytesCodec bytes = new BytesCodec();
        byte[] body = {1, 2};
        byte[] encoded = bytes.encode(body);
        body[0] = 9;
        assertThat(encoded).containsExactly(1, 2);
        byte[] decoded = bytes.decode(encoded, byte[].class);
        decoded[0] = 9;
        assertThat(encoded).containsExactly(1, 2);
    }

    @Test
    void theContentTypeChoosesTheReader() {
        assertThat(codecs.forContent("text/plain; charset=utf-8", TypeRef.of(String.class)))
                .isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("TEXT/PLAIN", TypeRef.of(String.class))).isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("", TypeRef.of(String.class))).isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("anything/else", TypeRef.of(byte[].class))).isInstanceOf(BytesCodec.class);
        assertThatThrownBy(() -> codecs.forContent("image/\npng", TypeRef.of(String.class)))
                .isInstanceOfSatisfying(MessagingException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DECODING);
                    assertThat(e.getMessage()).doesNotContain("\n");
                });
        assertThatThrownBy(() -> codecs.forContent("text/plain;\nx", TypeRef.of(Integer.class)))
                .isInstanceOf(MessagingException.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aPreferredCodecWinsAndAnUnknownTypeIsTold() {
        Codec own = new Codec() {
            @Override
            public String contentType() {
                return "text/x-own";
            }

            @Override
            public boolean supports(Class<?> type) {
                return type == String.class;
            }

            @Override
            public byte[] encode(Object body) {
                return ((String) body).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public <T> T decode(byte[] bytes, Class<T> type) {
                return type.cast(new String(bytes, StandardCharsets.UTF_8));
            }
        };
        assertThat(new Codecs(List.of(own)).forType(String.class)).isSameAs(own);
        assertThatThrownBy(() -> codecs.forType(Thread.class)).hasMessageContaining("java.lang.Thread");
    }

    @Test
    void aTypeWithArgumentsNeedsACodecThatKnowsThem() {
        TypeRef<List<String>> list = new TypeRef<>() {};

        assertThat(codecs.forType(TypeRef.of(String.class))).isInstanceOf(TextCodec.class);
        assertThat(new TextCodec().supports(list)).isFalse();
        assertThatThrownBy(() -> codecs.forContent("text/plain", list))
                .hasMessageContaining("cannot be read as java.util.List<java.lang.String>");
    }
}
