package io.anymq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final String SMILE = "\uD83D\uDE00";

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MessagingException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "orders", "A-b_9", "-", "0"})
    void portableNames(String name) {
        assertThat(Queue.of(name).name()).isEqualTo(name);
        assertThat(Topic.of(name).subscription(name).path()).isEqualTo(name + "/" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a.b", "a/b", "ä", "a b", "a\n", "a:b", "*", "\uD83D"})
    void otherNamesAreRefused(String name) {
        refused(ErrorCode.INVALID_NAME, () -> Queue.of(name));
        refused(ErrorCode.INVALID_NAME, () -> Topic.of(name));
        refused(ErrorCode.INVALID_NAME, () -> Topic.of("t").subscription(name));
    }

    @Test
    void namesHaveALimit() {
        assertThat(Queue.of("x".repeat(64)).name()).hasSize(64);
        refused(ErrorCode.INVALID_NAME, () -> Queue.of("x".repeat(65)));
    }

    @Test
    void keysAndIdsTakeAnyUnicodeButNoHalfOfAPair() {
        for (String legal : new String[] {"k", " ", "\u0000", "ключ", SMILE, "a" + SMILE + "b", "x".repeat(256)}) {
            assertThat(Message.of(1).withKey(legal).key()).isEqualTo(legal);
            assertThat(Message.of(1).withId(legal).id()).isEqualTo(legal);
        }
        for (String illegal : new String[] {"", "x".repeat(257), "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D"}) {
            refused(ErrorCode.INVALID_MESSAGE, () -> Message.of(1).withKey(illegal));
            refused(ErrorCode.INVALID_MESSAGE, () -> Message.of(1).withId(illegal));
        }
    }

    @Test
    void headerNamesArePrintableAsciiAndNotReserved() {
        assertThat(Message.of(1).withHeader("traceparent", "x").headers()).containsEntry("traceparent", "x");
        assertThat(Message.of(1).withHeader("!~", "").headers()).containsEntry("!~", "");
        for (String illegal : new String[] {"", "a b", "a\t", "ä", "mq-x", "MQ-x", "Mq-", "x".repeat(129)}) {
            refused(ErrorCode.INVALID_MESSAGE, () -> Message.of(1).withHeader(illegal, "x"));
        }
        refused(ErrorCode.INVALID_MESSAGE, () -> Message.of(1).withHeader("a", "\uDE00"));
    }

    @Test
    void headersAreCountedInBytesOfUtf8() {
        int room = Limits.MAX_HEADER_BYTES - 1;
        assertThat(Message.of(1).withHeader("h", "x".repeat(room)).headers()).hasSize(1);
        refused(ErrorCode.TOO_LARGE, () -> Message.of(1).withHeader("h", "x".repeat(room + 1)));
        // four bytes, two characters
        assertThat(Message.of(1).withHeader("h", SMILE.repeat(room / 4)).headers())
                .hasSize(1);
        refused(ErrorCode.TOO_LARGE, () -> Message.of(1).withHeader("h", SMILE.repeat(room / 4 + 1)));
        refused(ErrorCode.TOO_LARGE, () -> Message.of(1).withHeader("h", "€".repeat(room / 3 + 1)));
        refused(
                ErrorCode.TOO_LARGE,
                () -> Message.of(1).withHeader("a", "x".repeat(9_000)).withHeader("b", "x".repeat(9_000)));
    }

    @Test
    void delaysAreBounded() {
        assertThat(Message.of(1).withDelay(Duration.ZERO).delay()).isNull();
        assertThat(Message.of(1).withDelay(Duration.ofDays(7)).delay()).isEqualTo(Duration.ofDays(7));
        refused(ErrorCode.INVALID_MESSAGE, () -> Message.of(1).withDelay(Duration.ofNanos(-1)));
        refused(
                ErrorCode.INVALID_MESSAGE,
                () -> Message.of(1).withDelay(Duration.ofDays(7).plusNanos(1)));
    }

    @Test
    void isImmutable() {
        Map<String, String> headers = new HashMap<>(Map.of("a", "1"));
        Message<String> message = Message.of("body").withHeaders(headers);
        headers.put("b", "2");
        assertThat(message.headers()).containsOnlyKeys("a");
        assertThatThrownBy(() -> message.headers().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(message.withKey("k").headers()).containsOnlyKeys("a");
        assertThat(message.key()).isNull();
    }

    @Test
    void itsTextHoldsNoBodyAndNoControlCharacters() {
        String text =
                Message.of("secret").withKey("a\nb").withHeader("h", "hidden").toString();
        assertThat(text).doesNotContain("secret").doesNotContain("hidden").doesNotContain("\n");
        assertThat(Escape.forLog("x".repeat(1_000))).hasSizeLessThan(260);
    }
}
