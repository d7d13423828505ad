package io.anymq.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadersJsonTest {
    private static Map<String, String> read(String json) {
        Map<String, String> headers = new LinkedHashMap<>();
        HeadersJson.read(json, headers::put);
        return headers;
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("tenant", "acme");
        headers.put("empty", "");
        headers.put("quotes\"and\\", "a \"b\" \\c/ {d}: [e], f");
        headers.put("control", "\u0000\u0001\n\r\t\u001f");
        headers.put("words", "gr\u00fcn \ud83e\udd56");
        assertThat(read(HeadersJson.write(headers))).containsExactlyEntriesOf(headers);
    }

    @Test
    void noHeadersAreNoJson() {
        assertThat(HeadersJson.write(Map.of())).isNull();
        assertThat(read(null)).isEmpty();
        assertThat(read("{}")).isEmpty();
        assertThat(read("[1, 2]")).isEmpty();
        assertThat(read("null")).isEmpty();
    }

    @Test
    void aValueThatSaysTheSameKeepsItsType() {
        String original = "{\"n\": 1.50, \"flag\" : true, \"text\": \"1\", \"gone\": 2, \"changed\": 3}";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("n", "1.50");
        headers.put("flag", "true");
        headers.put("text", "1");
        headers.put("changed", "4");
        headers.put("new", "5");
        assertThat(HeadersJson.write(headers, original))
                .isEqualTo("{\"n\":1.50,\"flag\":true,\"text\":\"1\",\"changed\":\"4\",\"new\":\"5\"}");
    }

    @Test
    void othersMayWriteAnyJson() {
        assertThat(
                        read(
                                " { \"a\" : 1.5 , \"b\":true,\"c\" : null, \"d\": {\"x\": [1, \"}\"]}, \"e\": \"\\u0041\\/\\b\" } "))
                .containsExactly(
                        Map.entry("a", "1.5"),
                        Map.entry("b", "true"),
                        Map.entry("c", "null"),
                        Map.entry("d", "{\"x\": [1, \"}\"]}"),
                        Map.entry("e", "A/\b"));
    }
}
