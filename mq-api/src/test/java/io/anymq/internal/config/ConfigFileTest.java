package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.internal.config.ConfigFile.Entry;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigFileTest {
    private final List<String> problems = new ArrayList<>();

    private List<Entry> read(String text, Charset charset) {
        return ConfigFile.read(text.getBytes(charset), "f", problems);
    }

    private List<Entry> read(String text) {
        return read(text, StandardCharsets.UTF_8);
    }

    @Test
    void entriesKnowTheirLines() {
        assertThat(read("a=1\n\r\n# b=2\r\n  ! c=3 \\\n d : 4\n e\\ f  5\ng"))
                .containsExactly(
                        new Entry("a", "1", 1),
                        new Entry("d", "4", 5),
                        new Entry("e f", "5", 6),
                        new Entry("g", "", 7));
        assertThat(problems).isEmpty();
    }

    @Test
    void aContinuedLineCountsWhereItBegins() {
        assertThat(read("a=1,\\\n  2,\\\n\n  b=x\\\\\nc=3\\\n"))
                .containsExactly(new Entry("a", "1,2,", 1), new Entry("b", "x\\", 4), new Entry("c", "3", 5));
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(read("\ufeffa=1")).containsExactly(new Entry("a", "1", 1));
        assertThat(read("\ufeff# comment\na=ü")).containsExactly(new Entry("a", "ü", 2));
        assertThat(problems).isEmpty();
    }

    @Test
    void otherEncodingsAreRefusedWithTheLine() {
        assertThat(read("a=1\n# grüße\n", StandardCharsets.ISO_8859_1)).isEmpty();
        assertThat(problems)
                .containsExactly(
                        "f, line 2, is not in UTF-8; save the file in UTF-8, or write the character as \\u00fc");
        problems.clear();
        assertThat(read("a=1", StandardCharsets.UTF_16)).isEmpty();
        assertThat(problems).containsExactly("f is in UTF-16; save it in UTF-8");
        problems.clear();
        assertThat(ConfigFile.read(new byte[] {'a', '=', (byte) 0xc3}, "f", problems))
                .isEmpty();
        assertThat(problems).singleElement().asString().startsWith("f, line 1, is not in UTF-8");
    }

    @Test
    void aKeyThatIsSetTwiceIsAMistake() {
        assertThat(read("anymq.a=1\nb=2\nanymq.a=3"))
                .containsExactly(new Entry("anymq.a", "1", 1), new Entry("b", "2", 2));
        assertThat(problems).containsExactly("anymq.a is set twice in f, in lines 1 and 3; remove one of them");
    }

    @Test
    void aLineThatMayBelongToASecretIsNotShown() {
        read("anymq.a=1\nhush\nhush");
        assertThat(problems).containsExactly("a key is set twice in f, in lines 2 and 3; remove one of them");
    }

    @Test
    void aBrokenEscapeIsToldWithItsLineAndTheOthersAreRead() {
        assertThat(read("a=1\nstore=C:\\users\\x\nb=2"))
                .containsExactly(new Entry("a", "1", 1), new Entry("b", "2", 3));
        assertThat(problems).singleElement().asString().startsWith("f, line 2, has a \\u");
    }
}
