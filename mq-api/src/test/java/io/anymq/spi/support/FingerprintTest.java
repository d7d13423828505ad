package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FingerprintTest {
    @Test
    void itIsTheBeginningOfTheHash() {
        assertThat(Fingerprint.of(4, "abc".getBytes(UTF_8))).isEqualTo("ba7816bf");
        assertThat(Fingerprint.of(32, new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void partsCountOneAfterTheOther() {
        assertThat(Fingerprint.of(4, "a".getBytes(UTF_8), "bc".getBytes(UTF_8))).isEqualTo("ba7816bf");
    }
}
