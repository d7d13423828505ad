package io.anymq.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a JSON codec reads and writes, whichever Jackson it uses. */
public abstract class JsonCodecContract extends CodecUnderTest {

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

        assertThat(back(order, Shop.Order.class)).isEqualTo(order);
    }

    @Test
    void keepsTypeArguments() throws Exception {
        TypeRef<Map<String, List<Shop.Line>>> type = new TypeRef<>() {};
        Map<String, List<Shop.Line>> orders = Map.of("o-1", List.of(new Shop.Line("pen", 3), new Shop.Line("ink", 1)));

        assertThat(codec.supports(type.type())).isTrue();
        assertThat(codec.decode(write(orders), reading(type.type(), ""))).isEqualTo(orders);
        assertThatThrownBy(() -> codec.decode("{\"o-1\":[1]}".getBytes(UTF_8), reading(type.type(), "")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("java.util.Map<java.lang.String, java.util.List<io.anymq.json.Shop$Line>>");
    }

    @Test
    void writesTimesAsText() throws Exception {
        assertThat(text(write(Instant.EPOCH))).isEqualTo("\"1970-01-01T00:00:00Z\"");
        assertThat(text(write(Duration.ofSeconds(90)))).isEqualTo("\"PT1M30S\"");
    }

    @Test
    void readsAnAbsentAndANullOptionalAsEmpty() throws Exception {
        assertThat(read("{}", Shop.Maybe.class)).isEqualTo(new Shop.Maybe(Optional.empty()));
        assertThat(read("{\"text\":null}", Shop.Maybe.class)).isEqualTo(new Shop.Maybe(Optional.empty()));
    }

    @Test
    void ignoresPropertiesItDoesNotKnow() throws Exception {
        assertThat(read("{\"text\":\"a\",\"since\":2,\"more\":{\"deep\":[1]}}", Shop.Note.class))
                .isEqualTo(new Shop.Note("a"));
    }

    @Test
    void carriesAllOfUnicode() throws Exception {
        Shop.Note note = new Shop.Note("Grüße, 世界 \uD83D\uDE80 \u0000\u2028\"\\ e\u0301");

        assertThat(back(note, Shop.Note.class)).isEqualTo(note);
        assertThat(text(write(new Shop.Note("世\uD83D\uDE80")))).contains("世\uD83D\uDE80");
    }

    @Test
    void carriesHalfOfASurrogatePair() throws Exception {
        Shop.Note note = new Shop.Note("a\uD83Db");

        assertThat(back(note, Shop.Note.class)).isEqualTo(note);
    }

    @Test
    void keepsTheDigitsOfANumber() throws Exception {
        assertThat(back(new BigDecimal("1.000"), BigDecimal.class)).isEqualTo(new BigDecimal("1.000"));
    }

    @Test
    void servesManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 400)
                    .mapToObj(i -> (Callable<Boolean>) () -> {
                        Shop.Line line = new Shop.Line("article " + i, i);
                        return back(line, Shop.Line.class).equals(line);
                    })
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
