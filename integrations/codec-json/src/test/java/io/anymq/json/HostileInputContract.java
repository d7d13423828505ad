package io.anymq.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile documents: a typed error, soon, that does not repeat their content. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class HostileInputContract extends CodecUnderTest {

    @Test
    void emptyBody() {
        assertThat(refusal(new byte[0], Shop.Note.class)).hasMessageEndingWith("the body is empty");
    }

    @Test
    void nullBody() {
        assertThat(refusal("null", Shop.Note.class)).hasMessageEndingWith("the body is null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "{",
                "{\"text\":\"a",
                "{\"text\":\"a\"",
                "{\"text\":}",
                "{'text':'a'}",
                "{\"text\":\"a\"}}",
                "{\"text\":\"a\"} {\"text\":\"b\"}",
                "{\"text\":NaN}",
                "{\"text\":\"a\u0001\"}",
                "[]",
                "[1,2",
                "12",
                "secret",
                "<note/>",
                "\\u0000"
            })
    void notThisType(String json) {
        refusal(json, Shop.Note.class);
    }

    @Test
    void randomBytes() {
        Random random = new Random(20261101);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            refusal(bytes, Shop.Order.class);
        }
    }

    @Test
    void brokenUtf8() {
        refusal(new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xC3, '"', '}'}, Shop.Note.class);
        refusal(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}, Shop.Note.class);
    }

    @Test
    void nestingBomb() {
        int depth = 500_000;

        assertThat(refusal("[".repeat(depth), Object.class)).hasMessageContaining("depth");
        assertThat(refusal("{\"children\":[".repeat(depth), Shop.Tree.class)).hasMessageContaining("depth");
        assertThat(refusal("{\"unknown\":" + "[".repeat(depth), Shop.Note.class))
                .hasMessageContaining("depth");
    }

    @Test
    void deepestAllowed() throws Exception {
        String json = "{\"children\":[".repeat(100) + "]}".repeat(100);

        assertThat(read(json, Shop.Tree.class).children()).hasSize(1);
    }

    @Test
    void numberBomb() {
        assertThat(refusal("{\"number\":" + "9".repeat(1_000_000) + "}", Shop.Big.class))
                .hasMessageContaining("length");
        refusal("{\"number\":1e1000000000}", Shop.Big.class);
    }

    @Test
    void classNamedByTheDocument() throws Exception {
        assertThat(refusal("{\"anything\":{\"@class\":\"java.util.Properties\"}}", Shop.Trusting.class))
                .hasMessageContaining("type id");
        assertThat((Object) read("{\"@class\":\"java.util.Properties\"}", Map.class))
                .isNotInstanceOf(java.util.Properties.class);
    }

    @Test
    void interfaceWithoutKnownImplementation() {
        assertThat(refusal("{}", Runnable.class)).hasMessageContaining("java.lang.Runnable");
    }

    @Test
    void saysWhereAndNotWhat() {
        assertThat(refusal("{\"lines\":[{\"quantity\":1},\n{\"quantity\":\"secret\"}]}", Shop.Order.class))
                .hasMessageContaining("at $.lines[1].quantity (line 2, column ")
                .hasMessageEndingWith("the value does not fit int");
        assertThat(refusal("{\"status\":\"secret\"}", Shop.Order.class)).hasMessageContaining("at $.status");
        assertThat(refusal("{\"placedAt\":\"secret\"}", Shop.Order.class)).hasMessageContaining("at $.placedAt");
        assertThat(refusal("{\"stock\":{\"secret\":\"x\"}}", Shop.Stock.class)).hasMessageContaining("at $.stock[*]");
        assertThat(refusal("{\"article\":\"a\",\"quantity\":-1}", Shop.Line.class))
                .hasMessageContaining("refused the values (java.lang.IllegalArgumentException)");
    }

    @Test
    void saysWhy() {
        assertThat(refusal("{\"quantity\":3000000000}", Shop.Line.class))
                .hasMessageContaining("at $.quantity (line 1, column ")
                .hasMessageContaining("the number is out of the range of int");
        assertThat(refusal("{\"article\":\"a\",\"quantity\":null}", Shop.Line.class))
                .hasMessageContaining("the value is null or missing, but int needs one");
        assertThat(refusal("{\"text\":\"a\",\n\"text\":\"secret\"}", Shop.Note.class))
                .hasMessageContaining("(line 2, column ")
                .hasMessageEndingWith("the key occurs twice in one object");
        assertThat(refusal("{\"text\":\"a\"} secret", Shop.Note.class)).hasMessageContaining("line 1");
        assertThat(refusal("{\"text\":\"a\"} 1", Shop.Note.class)).hasMessageEndingWith("more follows after the value");
        assertThat(refusal("{\"placedAt\":1700000000123}", Shop.Order.class))
                .hasMessageContaining("at $.placedAt")
                .hasMessageContaining("a number is ambiguous as a time (java.time.Instant)");
        assertThat(refusal("{\"text\":\"a", Shop.Note.class)).hasMessageEndingWith("the document ends early");
    }

    @Test
    void unwritableBodies() {
        assertThat(unwritable(new Shop.Loop())).hasMessageContaining("depth");
        assertThat(unwritable(new Shop.Grudging())).hasMessageContaining("java.lang.IllegalStateException");
        assertThat(unwritable(new Object())).hasMessageContaining("java.lang.Object");
    }
}
