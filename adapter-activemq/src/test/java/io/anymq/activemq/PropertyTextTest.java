package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

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
}
