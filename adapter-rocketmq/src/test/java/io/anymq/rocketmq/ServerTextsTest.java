package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Remarks of a RocketMQ 5.5.0 broker, word for word. The tests on real brokers provoke most of them. */
class ServerTextsTest {
    private static String remark(ServerTexts text) {
        return switch (text) {
            case TIMER_OFF -> "accurate timer message is not enabled, timerWheelEnable is false";
            case TIMER_FULL ->
                "timer message is under flow control, max num limit is 50000 or the current value is greater than"
                        + " 40000 and less than 50000, trigger random flow control";
            case TIMER_TOO_LATE ->
                "timer message illegal, the delay time should not be bigger than the max delay 259200000ms; or if set del"
                        + " msg, the delay time should be bigger than the current time";
            case NO_FILE -> "create mapped file failed, server is busy or broken.";
            case NO_PAGE -> "java.lang.InternalError: a fault occurred in a recent unsafe memory access operation";
            case NO_PERMISSION ->
                "User:app has no permission to access Topic:orders from 127.0.0.1, no matched policies.";
            case UNKNOWN_USER -> "check signature failed.";
        };
    }

    private static Set<ServerTexts> readIn(Throwable failure) {
        EnumSet<ServerTexts> read = EnumSet.noneOf(ServerTexts.class);
        Stream.of(ServerTexts.values()).filter(text -> text.isIn(failure)).forEach(read::add);
        return read;
    }

    @ParameterizedTest
    @EnumSource
    void eachIsToldFromTheOthers(ServerTexts text) {
        assertThat(readIn(new IllegalStateException("CODE: 1  DESC: " + remark(text))))
                .contains(text)
                .isSubsetOf(text, ServerTexts.UNKNOWN_USER);
    }

    @Test
    void otherRemarksAreNone() {
        assertThat(readIn(new IllegalStateException("the broker's disk is slow")))
                .isEmpty();
        assertThat(readIn(new IllegalStateException((String) null))).isEmpty();
    }
}
