package io.anymq.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUrlTest {
    @Test
    void theShortForm() {
        BrokerUrl url = BrokerUrl.parse(" InMemory:orders?capacity=5 ");
        assertThat(url.scheme()).isEqualTo("inmemory");
        assertThat(url.path()).isEqualTo("orders");
        assertThat(url.authority()).isEmpty();
        assertThat(url.parameters()).isEqualTo(Map.of("capacity", "5"));
        assertThat(url).hasToString("inmemory:orders");
        assertThat(BrokerUrl.parse("inmemory:")).hasToString("inmemory:");
    }

    @Test
    void theLongForm() {
        BrokerUrl url =
                BrokerUrl.parse("kafka://us%65r:p%40ss%2Fw%3Ard@one:9092,[::1]:9093,three/a%20b?x=1%262&y=&z=a%40b");
        assertThat(url.user()).isEqualTo("user");
        assertThat(url.password()).isEqualTo("p@ss/w:rd");
        assertThat(url.authority()).isEqualTo("one:9092,[::1]:9093,three");
        assertThat(url.path()).isEqualTo("a b");
        assertThat(url.parameters()).isEqualTo(Map.of("x", "1&2", "y", "", "z", "a@b"));
    }

    @Test
    void aPlusIsAPlus() {
        assertThat(BrokerUrl.parse("kafka://u:a+b@h:1").password()).isEqualTo("a+b");
    }

    @Test
    void aPasswordMayHoldAnAt() {
        BrokerUrl url = BrokerUrl.parse("kafka://user:p@ss@host:9092");
        assertThat(url.password()).isEqualTo("p@ss");
        assertThat(url.toString()).isEqualTo("kafka://user:***@host:9092");
    }

    @Test
    void theTextHoldsNeitherPasswordNorParameters() {
        assertThat(BrokerUrl.parse("kafka://user:hush@host:9092/path?ssl.password=hush")
                        .toString())
                .isEqualTo("kafka://user:***@host:9092/path");
        assertThat(BrokerUrl.parse("kafka://hush@host").toString()).isEqualTo("kafka://***@host");
        assertThat(BrokerUrl.parse("kafka://user%3Ahush:x@host").toString()).isEqualTo("kafka://***@host");
        assertThat(BrokerUrl.parse("kafka:user:hush").toString()).isEqualTo("kafka:***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka://user:hu/sh@host:9092",
                "kafka://user:hu?sh@host:9092",
                "kafka://user:hush/@host:9092",
                "kafka://user:12?hush@host:9092",
                "kafka://user:12?x=hush&y@host:9092",
                "kafka://user:a@12?hush@host:9092",
                "kafka:?hush@host:9092",
                "hush@host:9092",
                "user:hush@host:9092",
                "kafka:user:hush@host",
                "kafka://user:hush%zz@host:9092",
                "kafka://user:12?hush%40host:9092",
                "kafka://user:12?hush",
                "kafka://user:12?=hush",
                "kafka://user:12?hush%40host=x",
                "kafka://user:12/hush%40host:9092",
                "kafka:user:hush%40host",
                "kafka://user%3Ahush@host:9092",
                "kafka://user%3Ahush%40host:9092",
                "kafka://hush%40host:9092,two:9092",
                "kafka://host:hush",
                "kafka://host:65536",
                "kafka://host:0",
                "kafka://host:",
                ":",
                "",
                "hush"
            })
    void mistakesAreToldWithoutThePassword(String text) {
        assertThatThrownBy(() -> BrokerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .doesNotContain("hush")
                .doesNotContain("sh@")
                .doesNotContain("zz");
    }
}
