package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.rabbitmq.ServerTexts.Difference;
import io.anymq.rabbitmq.ServerTexts.Reply;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row with a text as RabbitMQ 3.10 or 4.0 writes it. */
class ServerTextsTest {
    record Example(int code, String text, Reply expected) {}

    static List<Example> examples() {
        return List.of(
                new Example(403, "ACCESS_REFUSED - queue 'q' in vhost '/' in exclusive use", Reply.EXCLUSIVE),
                new Example(
                        403,
                        "ACCESS_REFUSED - write access to exchange 'e' in vhost '/' refused for user 'u'",
                        Reply.NO_PERMISSION),
                new Example(
                        404,
                        "NOT_FOUND - home node 'rabbit@two' of durable queue 'q' in vhost '/' is down or inaccessible",
                        Reply.NODE_DOWN),
                new Example(
                        404,
                        "NOT_FOUND - queue 'q' in vhost '/' is not available, its leader has not been elected",
                        Reply.NOT_AVAILABLE),
                new Example(404, "NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor", Reply.STOPPED),
                new Example(404, "NOT_FOUND - no queue 'q' in vhost '/'", Reply.MISSING),
                new Example(
                        405,
                        "RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'q' in vhost '/'",
                        Reply.LOCKED),
                new Example(
                        406,
                        "PRECONDITION_FAILED - message size 1001 is larger than configured max size 1000",
                        Reply.MESSAGE_TOO_LARGE),
                new Example(
                        406,
                        "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used:"
                                + " 1800000 ms",
                        Reply.ACKNOWLEDGED_TOO_LATE),
                new Example(406, "PRECONDITION_FAILED - unknown delivery tag 7", Reply.UNKNOWN_DELIVERY),
                new Example(
                        406,
                        "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/': received 'false'"
                                + " but current is 'true'",
                        Reply.OTHER_ARGUMENTS),
                new Example(311, "CONTENT_TOO_LARGE", Reply.CONTENT_TOO_LARGE),
                new Example(
                        501,
                        "FRAME_ERROR - type 2, all octets = <<>>: {frame_too_large,9000,8184}",
                        Reply.FRAME_TOO_LARGE),
                new Example(530, "NOT_ALLOWED - vhost nowhere not found", Reply.NO_VIRTUAL_HOST),
                new Example(
                        530, "NOT_ALLOWED - access to vhost 'other' refused for user 'u'", Reply.VIRTUAL_HOST_REFUSED),
                new Example(540, "NOT_IMPLEMENTED - tx not supported", Reply.NOT_IMPLEMENTED),
                new Example(
                        320,
                        "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'",
                        Reply.OTHER));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachTextHasItsRow(Example example) {
        assertThat(Reply.of(example.code(), example.text())).isEqualTo(example.expected());
    }

    @Test
    void everyRowHasAnExample() {
        Set<Reply> without = EnumSet.allOf(Reply.class);
        examples().forEach(example -> without.remove(example.expected()));
        assertThat(without).isEmpty();
    }

    @Test
    void aRefusedDeclarationNamesItsDifference() {
        Difference flag = Difference.in("PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'q' in vhost '/':"
                + " received 'false' but current is 'true'");
        assertThat(flag).isEqualTo(new Difference("durable", "true", null));
        assertThat(flag.current(false)).isEqualTo(true);
        assertThat(new Difference("x-max-length", "7", null).current(5)).isEqualTo(7L);
        Difference kind = Difference.in("PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'e' in vhost '/':"
                + " received 'topic' but current is 'direct'");
        assertThat(kind).isEqualTo(new Difference("type", "direct", null));
        assertThat(kind.current("topic")).isEqualTo("direct");

        Difference missing =
                Difference.in("PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'q' in vhost"
                        + " '/': received the value '5' of type 'signedint' but current is none");
        assertThat(missing.current(5)).isNull();

        String received = "PRECONDITION_FAILED - inequivalent arg 'x' for queue 'q' in vhost '/': received none but"
                + " current is the value ";
        assertThat(Difference.in(received + "'5' of type 'signedint'").current(null))
                .isEqualTo(5L);
        assertThat(Difference.in(received + "'true' of type 'bool'").current(null))
                .isEqualTo(true);
        assertThat(Difference.in(received + "'it's' of type 'longstr'").current(null))
                .isEqualTo("it's");
        assertThat(Difference.in("NOT_FOUND - no queue 'q'")).isNull();
    }

    @Test
    void theSizeOfARefusedMessage() {
        assertThat(ServerTexts.refusedSize("message size 1001 is larger than configured max size 1000"))
                .isEqualTo(1001);
        assertThat(ServerTexts.refusedSize("message size unknown")).isEqualTo(-1);
        assertThat(ServerTexts.refusedSize(null)).isEqualTo(-1);
        assertThat(ServerTexts.timeout(
                        "delivery acknowledgement on channel 1 timed out. Timeout value used: 1800000 ms. This"))
                .isEqualTo(Duration.ofMinutes(30));
        assertThat(ServerTexts.timeout("timed out")).isZero();
        assertThat(ServerTexts.timeout(null)).isZero();
    }

    @Test
    void alarmsAreToldApart() {
        assertThat(ServerTexts.isDiskAlarm("low on disk")).isTrue();
        assertThat(ServerTexts.isDiskAlarm("low on memory")).isFalse();
        assertThat(ServerTexts.isDiskAlarm("low on memory & disk")).isTrue();
    }

    @Test
    void headersThatExceedAFrame() {
        assertThat(ServerTexts.exceedsFrame(
                        new IllegalArgumentException("Content headers exceeded max frame size: 9000 > 8192")))
                .isTrue();
        assertThat(ServerTexts.exceedsFrame(new IllegalArgumentException("odd")))
                .isFalse();
    }
}
