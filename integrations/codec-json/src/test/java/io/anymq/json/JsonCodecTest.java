package io.anymq.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import io.anymq.Codec;
import io.anymq.MessagingException;
import io.anymq.TypeRef;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
    private final JsonCodec codec = new JsonCodec();

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(Codec.class)).hasAtLeastOneElementOfType(JsonCodec.class);
    }

    @Test
    void leavesTextAndBytesToTheBuiltInCodecs() {
        assertThat(codec.contentType()).isEqualTo("application/json");
        assertThat(codec.supports(Shop.Order.class)).isTrue();
        assertThat(codec.supports(Map.class)).isTrue();
        assertThat(codec.supports(String.class)).isFalse();
        assertThat(codec.supports(byte[].class)).isFalse();
    }

    @Test
    void bringsEverythingBack() throws Exception {
        Shop.Order order = new Shop.Order(
                "o-1",
                Shop.Status.PAID,
                new BigDecimal("0.10"),
                Instant.parse("2026-11-01T10:15:30.123456789Z"),
                OffsetDateTime.parse("2026-11-02T08:00:00+05:30"),
                LocalDate.of(2026, 12, 24),
                Duration.ofMinutes(90),
                Optional.of("ring twice"),
                List.of(new Shop.Line("pen", 3)),
                Map.of("pen", 7));

        assertThat(codec.decode(codec.encode(order), Shop.Order.class)).isEqualTo(order);
    }

    @Test
    void keepsTypeArguments() throws Exception {
        TypeRef<Map<String, List<Shop.Line>>> type = new TypeRef<>() {};
        Map<String, List<Shop.Line>> orders = Map.of("o-1", List.of(new Shop.Line("pen", 3), new Shop.Line("ink", 1)));

        assertThat(codec.supports(type.type())).isTrue();
        assertThat(codec.decode(codec.encode(orders), type)).isEqualTo(orders);
        assertThatThrownBy(() -> codec.decode("{\"o-1\":[1]}".getBytes(UTF_8), type))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("java.util.Map<java.lang.String, java.util.List<io.anymq.json.Shop$Line>>");
    }

    @Test
    void writesTimesAsText() throws Exception {
        assertThat(text(codec.encode(Instant.EPOCH))).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(text(codec.encode(Duration.ofSeconds(90)))).isEqualTo("\"PT1M30S\"");
    }

    @Test
    void readsAnAbsentAndANullOptionalAsEmpty() throws Exception {
        assertThat(decode("{}", Shop.Maybe.class)).isEqualTo(new Shop.Maybe(Optional.empty()));
        assertThat(decode("{\"text\":null}", Shop.Maybe.class)).isEqualTo(new Shop.Maybe(Optional.empty()));
    }

    @Test
    void ignoresPropertiesItDoesNotKnow() throws Exception {
        assertThat(decode("{\"text\":\"a\",\"since\":2,\"more\":{\"deep\":[1]}}", Shop.Note.class))
                .isEqualTo(new Shop.Note("a"));
    }

    @Test
    void carriesAllOfUnicode() throws Exception {
        Shop.Note note = new Shop.Note("Grüße, 世界 \uD83D\uDE80 \u0000\u2028\"\\ e\u0301");

        assertThat(codec.decode(codec.encode(note), Shop.Note.class)).isEqualTo(note);
        assertThat(text(codec.encode(new Shop.Note("世\uD83D\uDE80")))).contains("世\uD83D\uDE80");
    }

    @Test
    void carriesHalfOfASurrogatePair() throws Exception {
        Shop.Note note = new Shop.Note("a\uD83Db");

        assertThat(codec.decode(codec.encode(note), Shop.Note.class)).isEqualTo(note);
    }

    @Test
    void keepsTheDigitsOfANumber() throws Exception {
        assertThat(codec.decode(codec.encode(new BigDecimal("1.000")), BigDecimal.class))
                .isEqualTo(new BigDecimal("1.000"));
    }

    @Test
    void usesAMapperOfOnesOwnAsItIsNow() throws Exception {
        ObjectMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        JsonCodec own = JsonCodec.of(mapper);
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);

        assertThat(text(own.encode(new CamelCase("x")))).isEqualTo("{\"some_text\":\"x\"}");
    }

    record CamelCase(@JsonProperty String someText) {}

    @Test
    void refusesAMapperWithDefaultTyping() {
        ObjectMapper mapper = JsonMapper.builder()
                .activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL)
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(mapper))
                .withMessageContaining("deactivateDefaultTyping()");
    }

    @Test
    void servesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 400)
                    .mapToObj(i -> (Callable<Boolean>) () -> {
                        Shop.Line line = new Shop.Line("article " + i, i);
                        return codec.decode(codec.encode(line), Shop.Line.class).equals(line);
                    })
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private <T> T decode(String json, Class<T> type) throws Exception {
        return codec.decode(json.getBytes(UTF_8), type);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
