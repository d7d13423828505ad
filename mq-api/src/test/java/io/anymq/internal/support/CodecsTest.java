package io.anymq.internal.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Codec;
import io.anymq.ErrorCode;
import io.anymq.Message;
import io.anymq.MessagingException;
import io.anymq.Queue;
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
            assertThat(text.decode(text.encode(sample), "")).isEqualTo(sample);
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
            assertThatThrownBy(() -> text.decode(bytes, ""))
                    .isInstanceOfSatisfying(
                            MessagingException.class,
                            error -> assertThat(error.code()).isEqualTo(ErrorCode.DECODING))
                    .hasMessageContaining(
                            "not text in UTF-8 at byte " + (bytes[0] == 'a' ? 1 : 0) + " of " + bytes.length);
        }
    }

    @Test
    void bytesAreCopiedBothWays() throws Exception {
        BytesCodec bytes = new BytesCodec();
        byte[] body = {1, 2};
        byte[] encoded = bytes.encode(body);
        body[0] = 9;
        assertThat(encoded).containsExactly(1, 2);
        byte[] decoded = bytes.decode(encoded, "");
        decoded[0] = 9;
        assertThat(encoded).containsExactly(1, 2);
    }

    @Test
    void theContentTypeChoosesTheReader() {
        assertThat(codecs.forContent("text/plain; charset=utf-8", String.class)).isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("TEXT/PLAIN", String.class)).isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("", String.class)).isInstanceOf(TextCodec.class);
        assertThat(codecs.forContent("anything/else", byte[].class)).isInstanceOf(BytesCodec.class);
        assertThatThrownBy(() -> codecs.forContent("image/\npng", String.class))
                .isInstanceOfSatisfying(MessagingException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DECODING);
                    assertThat(e.getMessage()).doesNotContain("\n");
                });
        assertThatThrownBy(() -> codecs.forContent("text/plain;\nx", Integer.class))
                .isInstanceOf(MessagingException.class)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void whatACodecSaysOfAPlaceIsKeptAndAPayloadInAnExceptionIsNot() {
        Message<Integer> message = Message.of(7);
        assertThatThrownBy(() -> encode(message, new MessagingException(ErrorCode.ENCODING, "at 'orders[2].total'")))
                .hasMessage("text/x-failing cannot encode java.lang.Integer: at 'orders[2].total'");
        assertThatThrownBy(() -> encode(message, new IllegalStateException("secret 4711")))
                .hasMessage("text/x-failing cannot encode java.lang.Integer: IllegalStateException");
    }

    private static void encode(Message<?> message, RuntimeException failure) {
        Codec failing = new Codec() {
            @Override
            public String contentType() {
                return "text/x-failing";
            }

            @Override
            public boolean supports(java.lang.reflect.Type type) {
                return true;
            }

            @Override
            public byte[] encode(Object body, EncodeContext context) {
                throw failure;
            }

            @Override
            public Object decode(byte[] bytes, DecodeContext context) {
                throw failure;
            }
        };
        Codecs.encode(failing, Queue.of("q"), Integer.class, "text/x-failing", message);
    }

    @Test
    void aPreferredCodecWinsAndAnUnknownTypeIsTold() {
        Codec own = new Codec() {
            @Override
            public String contentType() {
                return "text/x-own";
            }

            @Override
            public boolean supports(java.lang.reflect.Type type) {
                return type == String.class;
            }

            @Override
            public byte[] encode(Object body, EncodeContext context) {
                return ((String) body).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public Object decode(byte[] bytes, DecodeContext context) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
        };
        assertThat(new Codecs(List.of(own)).forType(String.class)).isSameAs(own);
        assertThatThrownBy(() -> codecs.forType(Thread.class)).hasMessageContaining("java.lang.Thread");
    }

    /** Claims the content type of text. */
    private record Claiming(String contentType) implements Codec {
        @Override
        public boolean supports(java.lang.reflect.Type type) {
            return type == Integer.class;
        }

        @Override
        public byte[] encode(Object body, EncodeContext context) {
            return new byte[0];
        }

        @Override
        public Object decode(byte[] bytes, DecodeContext context) {
            return "not a number";
        }
    }

    @Test
    void nothingIsRegisteredTwice() {
        Codec codec = new Claiming("text/x-claimed");
        io.anymq.Interceptor interceptor = new io.anymq.Interceptor() {};
        io.anymq.MessagingObserver observer = new io.anymq.MessagingObserver() {};
        io.anymq.MessagingClient.Builder builder = io.anymq.MessagingClient.builder()
                .codec(codec)
                .interceptor(interceptor)
                .observer(observer);
        assertRefused(() -> builder.codec(codec), "the same codec was added twice");
        assertRefused(() -> builder.interceptor(interceptor), "the same interceptor was added twice");
        assertRefused(() -> builder.observer(observer), "the same observer was added twice");
        assertRefused(() -> builder.codec(new Claiming("TEXT/X-Claimed; v=2")), "two codecs for content type");
        assertRefused(() -> builder.codec(new Claiming("")), "1 to 128 characters");
        assertRefused(() -> builder.codec(new Claiming("x".repeat(129))), "1 to 128 characters");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(io.anymq.ConfigurationException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatIsOfAnotherTypeIsNotHandedOut() {
        Codecs claiming = new Codecs(List.of(new Claiming("text/x-claimed")));
        assertThatThrownBy(() -> claiming.decode(
                        new byte[0], io.anymq.Queue.of("q"), Integer.class, "text/x-claimed", java.util.Map::of))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("decode must return java.lang.Integer");
    }

    @Test
    void textIsReadInTheCharsetOfItsContentType() throws Exception {
        String[][] cases = {
            {"text/plain; charset=utf-16le", "UTF-16LE", "Hello"},
            {"text/plain;charset=UTF-16", "UTF-16", "Hello"},
            {"text/plain; format=flowed; Charset=\"ISO-2022-JP\"", "ISO-2022-JP", "日本"},
            {"text/plain; charset=iso-8859-1", "ISO-8859-1", "Ã©"},
            {"text/plain; charset=IBM1047", "IBM1047", ". ?"},
            {"text/plain; note=\"; charset=utf-16\"", "UTF-8", "grün"},
            {"text/html", "UTF-8", "<b>ü</b>"},
            {"application/json; charset=utf-8", "UTF-8", "{\"a\":\"ü\"}"},
            {"application/problem+json", "UTF-8", "{}"}
        };
        for (String[] each : cases) {
            assertThat(asText(each[0], each[2].getBytes(each[1]))).isEqualTo(each[2]);
        }
    }

    @Test
    void textInAnUnknownOrAnotherCharsetIsRefused() {
        assertThatThrownBy(() -> asText("text/plain; charset=utf-7", new byte[] {'a'}))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("'utf-7'");
        assertThatThrownBy(() -> asText("text/plain; charset=us-ascii", new byte[] {'a', (byte) 0xE9}))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("not text in US-ASCII at byte 1 of 2");
        assertThatThrownBy(() -> asText("image/png", new byte[0])).isInstanceOf(MessagingException.class);
    }

    private Object asText(String contentType, byte[] bytes) throws Exception {
        return codecs.decode(bytes, io.anymq.Queue.of("q"), String.class, contentType, java.util.Map::of);
    }

    @Test
    void textIsNotSentUnderACharsetItDoesNotHave() {
        assertThat(codecs.forSending("text/plain; charset=\"UTF-8\"", String.class))
                .isInstanceOf(TextCodec.class);
        for (String other : List.of("iso-8859-1", "us-ascii")) {
            assertThatThrownBy(() -> codecs.forSending("text/plain; charset=" + other, String.class))
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void aTypeWithArgumentsNeedsACodecThatKnowsThem() {
        java.lang.reflect.Type list = new io.anymq.TypeRef<List<String>>() {}.type();
        assertThat(new TextCodec().supports(list)).isFalse();
        assertThatThrownBy(() -> codecs.forContent("text/plain", list))
                .hasMessageContaining("cannot be read as java.util.List<java.lang.String>");
    }
}
