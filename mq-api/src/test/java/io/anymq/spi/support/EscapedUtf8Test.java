package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedUtf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "grün €", "😀 pair", "\uFFFD as it is", "\u0000\n"})
    void textIsUtf8(String text) {
        assertThat(EscapedUtf8.encode(text)).isEqualTo(text.getBytes(UTF_8));
        assertThat(EscapedUtf8.decode(text.getBytes(UTF_8))).isEqualTo(text);
    }

    @Test
    void differentNumbersAreDifferentKeysAndComeBack() {
        Set<String> keys = new HashSet<>();
        for (long number = -500; number < 500; number++) {
            byte[] bytes = ByteBuffer.allocate(8).putLong(number).array();
            String key = EscapedUtf8.decode(bytes);
            assertThat(keys.add(key)).isTrue();
            assertThat(EscapedUtf8.encode(key)).isEqualTo(bytes);
        }
    }

    @Test
    void anyBytesComeBack() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && i % 2 == 0) {
                // the beginning of a character, whole, cut or encoded surrogate
                byte[] start = {(byte) 0xF0, (byte) 0x9F, (byte) 0x98, (byte) 0x80};
                System.arraycopy(start, 0, bytes, random.nextInt(bytes.length - 3), 1 + random.nextInt(3));
            }
            assertThat(EscapedUtf8.encode(EscapedUtf8.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsNoTextIsEscapedByteByByte() {
        assertThat(EscapedUtf8.decode(new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC3}))
                .isEqualTo("a\uDCFFb\uDCC3");
        assertThat(EscapedUtf8.decode(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}))
                .isEqualTo("\uDCED\uDCA0\uDC80");
    }
}
