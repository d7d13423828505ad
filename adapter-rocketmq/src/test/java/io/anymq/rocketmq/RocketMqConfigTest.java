package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.ConfigOption;
import io.anymq.tck.direct.SpiContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RocketMqConfigTest {
    private static List<String> problems(String url, String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return new RocketMqAdapter().validate(SpiContext.of(url, map));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rocketmq://localhost:9876", "rocketmq://a:1,b:65535", "rocketmq://[::1]:9876"})
    void goodUrls(String url) {
        assertThat(problems(url)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rocketmq:,at least one name server",
        "rocketmq://,at least one name server",
        "rocketmq://host,is not host:port",
        "'rocketmq://a:1,',is not host:port",
        "rocketmq://a:1/orders,must end after the ports",
        "rocketmq://me:secret@a:1,access-key"
    })
    void badUrls(String url, String says) {
        assertThat(problems(url))
                .hasSize(1)
                .allSatisfy(problem -> assertThat(problem).contains(says).doesNotContain("secret@"));
    }

    @Test
    void userAndPasswordBelongTogether() {
        assertThat(problems("rocketmq://a:1", RocketMqConfig.ACCESS_KEY, "me")).hasSize(1);
        assertThat(problems("rocketmq://a:1", RocketMqConfig.SECRET_KEY, "hush"))
                .hasSize(1)
                .noneMatch(problem -> problem.contains("hush"));
        assertThat(problems("rocketmq://a:1", RocketMqConfig.ACCESS_KEY, "me", RocketMqConfig.SECRET_KEY, "hush"))
                .isEmpty();
    }

    @Test
    void thePasswordIsDeclaredAsASecret() {
        assertThat(RocketMqConfig.options())
                .filteredOn(option -> option.name().equals(RocketMqConfig.SECRET_KEY))
                .allMatch(ConfigOption::secret)
                .hasSize(1);
    }

    @Test
    void aMessageLeavesRoomForItsProperties() {
        RocketMqConfig config = new RocketMqConfig(SpiContext.of("rocketmq://a:1", Map.of()));
        assertThat(config.maxBodyBytes()).isGreaterThan(1 << 20).isLessThan(4 << 20);
    }
}
