package io.anymq.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that would not be read exactly are refused, unless the codec is told to take them. */
public abstract class StrictnessContract extends CodecUnderTest {
    record Sums(int count, long big, double rate, boolean express, Shop.Status status, BigDecimal total) {}

    record Times(Instant at, OffsetDateTime local, Duration window, Date date) {}

    record Declared(
            @JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant at) {}

    static final class Bean {
        public int count;
        public Integer boxed = 7;
        public String id = "";
        public BigDecimal total = BigDecimal.ZERO;
        public BigInteger whole = BigInteger.ZERO;
        public boolean express;
        public double rate;
        public Shop.Status status = Shop.Status.NEW;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FRACTION_AS_INTEGER | {\"count\":1.9}",
                "FRACTION_AS_INTEGER | {\"boxed\":0.999}",
                "FRACTION_AS_INTEGER | {\"whole\":1.5}",
                "NUMBER_AS_ENUM      | {\"status\":1}",
                "NULL_AS_PRIMITIVE   | {\"count\":null}",
                "NULL_AS_PRIMITIVE   | {\"express\":null}",
                "NULL_AS_PRIMITIVE   | {\"rate\":null}",
                "CONVERTED_SCALARS   | {\"count\":\"7\"}",
                "CONVERTED_SCALARS   | {\"boxed\":\"\"}",
                "CONVERTED_SCALARS   | {\"boxed\":\"  \"}",
                "CONVERTED_SCALARS   | {\"express\":3}",
                "CONVERTED_SCALARS   | {\"express\":\"False\"}",
                "CONVERTED_SCALARS   | {\"id\":12}",
                "CONVERTED_SCALARS   | {\"rate\":\"1.5\"}",
                "CONVERTED_SCALARS   | {\"total\":\"\"}",
                "DUPLICATE_KEYS      | {\"count\":1,\"count\":2}",
                "DUPLICATE_KEYS      | {\"unknown\":{\"a\":1,\"a\":2}}",
                "TRAILING_TOKENS     | {\"count\":1} {\"count\":2}"
            })
    void refusedUnlessAllowed(String leniency, String json) throws Exception {
        refusal(json, Bean.class);
        assertThat(read(allowing(leniency), json, Bean.class)).isNotNull();
    }

    @Test
    void neitherRecordsNorArraysGetPrimitivesFromNothing() throws Exception {
        refusal("{\"count\":1}", Sums.class);
        refusal("[1,null]", int[].class);
        refusal("{\"count\":\"\"}", Bean.class);
        assertThat(read(allowing("NULL_AS_PRIMITIVE"), "{\"count\":1}", Sums.class)
                        .big())
                .isZero();
    }

    @Test
    void emptyAndNumericTextIsNoEnum() {
        refusal("{\"status\":\"\"}", Bean.class);
        refusal("{\"status\":\"1\"}", Bean.class);
    }

    @ParameterizedTest
    @CsvSource({
        "at,1700000000123",
        "at,1700000000.5",
        "at,'\"1700000000123\"'",
        "at,'\"\"'",
        "local,1700000000",
        "window,90",
        "date,1700000000123",
        "at,true"
    })
    void aNumberIsNoTime(String field, String value) {
        refusal("{\"" + field + "\":" + value + "}", Times.class);
    }

    @Test
    void numbersAreTimesInTheUnitThatIsNamed() throws Exception {
        String json = "{\"at\":1700000000123,\"window\":1500}";
        Times millis = read(allowing("EPOCH_MILLIS"), json, Times.class);
        assertThat(millis.at()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
        assertThat(millis.window()).isEqualTo(Duration.ofMillis(1500));
        Times seconds = read(allowing("EPOCH_SECONDS"), "{\"at\":1700000000.25,\"window\":90}", Times.class);
        assertThat(seconds.at()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_250L));
        assertThat(seconds.window()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aNumericFormatIsTheTypesOwnWord() throws Exception {
        Declared declared = new Declared(Instant.ofEpochSecond(1_700_000_000L, 5));
        assertThat(back(declared, Declared.class)).isEqualTo(declared);
    }

    @Test
    void decimalsKeepEveryDigit() throws Exception {
        Map<?, ?> untyped = read("{\"total\":12345678901234567890.1234567890,\"count\":9007199254740993}", Map.class);
        assertThat((Object) untyped.get("total")).isEqualTo(new BigDecimal("12345678901234567890.1234567890"));
        assertThat((Object) untyped.get("count")).isEqualTo(9007199254740993L);
        assertThat(read(allowing("DECIMAL_AS_DOUBLE"), "{\"total\":0.5}", Map.class)
                        .get("total"))
                .isEqualTo(0.5);
        assertThat(read("{\"total\":\"1.00\"}", Bean.class).total).isEqualTo(new BigDecimal("1.00"));
        assertThat(read("{\"whole\":\"12345678901234567890\"}", Bean.class).whole)
                .isEqualTo(new BigInteger("12345678901234567890"));
    }

    @Test
    void aNumberTooLargeForItsTypeIsRefused() {
        refusal("{\"count\":3000000000}", Bean.class);
        refusal("{\"big\":9223372036854775808}", Sums.class);
        refusal("{\"rate\":1e400}", Bean.class);
        refusal("1e39", float.class);
    }

    @Test
    void whatDoubleCanHoldComesBack() throws Exception {
        for (Double each : new Double[] {Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, -0.0}) {
            assertThat(back(each, Double.class)).isEqualTo(each);
        }
    }

    @Test
    void theCharsetOfTheContentTypeCounts() throws Exception {
        String json = "{\"text\":\"Café\"}";
        byte[] latin = json.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(codec.decode(latin, reading(Shop.Note.class, "iso-8859-1"))).isEqualTo(new Shop.Note("Café"));
        assertThat(codec.decode(json.getBytes(UTF_16BE), reading(Shop.Note.class, "utf-16be")))
                .isEqualTo(new Shop.Note("Café"));
        assertThat(codec.decode(json.getBytes(UTF_16BE), reading(Shop.Note.class, "")))
                .isEqualTo(new Shop.Note("Café"));
        refusal(latin, Shop.Note.class);
        assertThatThrownBy(() -> codec.decode(latin, reading(Shop.Note.class, "us-ascii")))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.DECODING))
                .hasMessageContaining("the text is not in US-ASCII at byte 12");
        assertThat(codec.decode(json.getBytes(UTF_8), reading(Shop.Note.class, "")))
                .isEqualTo(new Shop.Note("Café"));
    }
}
