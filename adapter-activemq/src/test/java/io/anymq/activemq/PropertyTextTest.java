package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.fusesource.hawtbuf.UTF8Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "back\\slash", "ünï ключ 鍵", "\uffff", "\\u0041"})
    void whatActiveMqGivesBackUnchangedTravelsAsItIs(String text) {
        assertThat(PropertyText.isSafe(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "👩‍🚀", "a\0b", "\\u0041 and 𝔸", "\\ 𝔸 \\\\u"})
    void whatItWouldSpoilIsWrittenInOtherCharactersAndReadBack(String text) {
        assertThat(PropertyText.isSafe(text)).isFalse();
        String escaped = PropertyText.escaped(text);
        assertThat(PropertyText.isSafe(escaped)).isTrue();
        assertThat(PropertyText.plain(escaped)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\u", "\\u12", "\\uzzzz", "x\\u00g1"})
    void whatIsNoEscapeStays(String text) {
        assertThat(PropertyText.plain(text)).isEqualTo(text);
    }

    private static byte[] modified(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DataOutputStream(out).writeUTF(text);
        return Arrays.copyOfRange(out.toByteArray(), 2, out.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ünï ключ 鍵", "\0", "👩‍🚀 𝔸"})
    void whatAJmsClientWroteIsReadAsItIs(String text) throws IOException {
        assertThat(PropertyText.of(new UTF8Buffer(modified(text)))).isEqualTo(text);
    }

    @Test
    void whatAnotherClientWroteIsReadToo() {
        assertThat(PropertyText.of(new UTF8Buffer("👩‍🚀 ü".getBytes(UTF_8)))).isEqualTo("👩‍🚀 ü");
    }

    @Test
    void differentBytesAreDifferentTexts() throws IOException {
        byte[][] all = {{-1}, {-2}, {'a', -61}, {-61}, modified("\uD83D"), modified("\uDC80"), {-128}, {}};
        assertThat(Arrays.stream(all).map(bytes -> PropertyText.of(new UTF8Buffer(bytes))))
                .doesNotHaveDuplicates();
    }

    @Test
    void otherTypesAreTextToo() {
        assertThat(PropertyText.of(7L)).isEqualTo("7");
        assertThat(PropertyText.of(true)).isEqualTo("true");
        assertThat(PropertyText.of(null)).isEmpty();
    }
}
