package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @Test
    void durations() {
        assertThat(Values.duration("500ms")).hasMillis(500);
        assertThat(Values.duration(" 30 s ")).hasSeconds(30);
        assertThat(Values.duration("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(Values.duration("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Values.duration("1d")).isEqualTo(Duration.ofDays(1));
        assertThat(Values.duration("pt1.5s")).hasMillis(1_500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "-1s",
                "1.5s",
                "5 S",
                "5w",
                "s",
                "PX",
                "9999999999999999999s",
                "999999999999999999d",
                "٣s"
            })
    void otherDurationsAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Values.duration(text));
    }

    @Test
    void sizes() {
        assertThat(Values.size("512")).isEqualTo(512);
        assertThat(Values.size("64KiB")).isEqualTo(65_536);
        assertThat(Values.size("16 MiB")).isEqualTo(16L << 20);
        assertThat(Values.size("2GiB")).isEqualTo(2L << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1KB", "1.5MiB", "1kib", "999999999999999999GiB"})
    void otherSizesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Values.size(text));
    }

    @Test
    void theNearestKeyIsFoundWhereOneIsNear() {
        List<String> known = List.of("anymq.retry.max-attempts", "anymq.retry.max-delay", "anymq.url");
        assertThat(NearestKey.to("anymq.retry.max-atempts", known)).contains("anymq.retry.max-attempts");
        assertThat(NearestKey.to("anymq.retry.maxdelay", known)).contains("anymq.retry.max-delay");
        assertThat(NearestKey.to("anymq.uri", known)).contains("anymq.url");
        assertThat(NearestKey.to("something.else.altogether", known)).isEmpty();
        assertThat(NearestKey.to("x", List.of())).isEmpty();
    }
}
