package io.anymq.rocketmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.Failure.Reason;
import io.anymq.tck.direct.Outgoing;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RocketMqTranslatorTest {
    private static final RocketMqLane LANE = new RocketMqLane(new MessageQueue("t", "b", 3), 0, null, 1_000);

    /** Through the text in which RocketMQ stores properties. */
    private static RocketMqMessage received(Message sent) {
        MessageExt message = new MessageExt();
        message.setTopic(sent.getTopic());
        message.setQueueId(3);
        message.setQueueOffset(42);
        message.setBornTimestamp(17);
        message.setBody(sent.getBody());
        MessageAccessor.setProperties(
                message,
                MessageDecoder.string2messageProperties(MessageDecoder.messageProperties2String(sent.getProperties())));
        return new RocketMqMessage(message, LANE, 1_000);
    }

    @Test
    void aMessageSurvivesBothWays() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("a", "ä");
        headers.put("mq-attempts", "3");
        headers.put("empty", "");
        headers.put("blank", " ");
        headers.put("control", "\u0000\u0001\u0002\n");
        headers.put("KEYS", "mine");
        headers.put("TAGS", "mine");
        headers.put("__SHARDINGKEY", "mine");
        headers.put("TIMER_DELIVER_MS", "never");
        Outgoing message = new Outgoing("id 1", "k€\u0001y", "bödy".getBytes(UTF_8), headers);
        message.sentAtMillis(1_700_000_000_000L);
        message.deliverAtMillis(message.sentAtMillis() + 5_000);
        RocketMqMessage received = received(RocketMqTranslator.message("t", message));
        assertThat(received.id()).isEqualTo("id 1");
        assertThat(received.key()).isEqualTo("k€\u0001y");
        assertThat(received.body()).isEqualTo(message.body());
        assertThat(received.contentType()).isEqualTo(message.contentType());
        assertThat(received.headers()).isEqualTo(headers);
        assertThat(received.sentAtMillis()).isEqualTo(message.sentAtMillis());
        assertThat(received.deliverAtMillis()).isEqualTo(message.deliverAtMillis());
    }

    @Test
    void idKeyAndDelayAreWhereRocketMqsOwnToolsLook() {
        Outgoing message = Outgoing.text("id", "key", "x");
        message.deliverAtMillis(1_700_000_005_000L);
        Message sent = RocketMqTranslator.message("t", message);
        assertThat(sent.getProperties())
                .containsEntry("UNIQ_KEY", "id")
                .containsEntry("__SHARDINGKEY", "key")
                .containsEntry("TIMER_DELIVER_MS", "1700000005000")
                .doesNotContainKey("mq-more");
    }

    @Test
    void anEmptyBodyHasAStandIn() {
        Outgoing message = new Outgoing("id", null, new byte[0], Map.of());
        Message sent = RocketMqTranslator.message("t", message);
        assertThat(sent.getBody()).hasSize(1);
        assertThat(received(sent).body()).isEmpty();
    }

    @Test
    void aForeignMessageIsReadable() {
        RocketMqMessage bare = received(new Message("t", new byte[] {1}));
        assertThat(bare.id()).isEqualTo("t-b-3@42");
        assertThat(bare.key()).isNull();
        assertThat(bare.contentType()).isEmpty();
        assertThat(bare.headers()).isEmpty();
        assertThat(bare.sentAtMillis()).isEqualTo(17);
        Message odd = new Message("t", null);
        MessageAccessor.putProperty(odd, "mq-deliver-at", "soon");
        MessageAccessor.putProperty(odd, "mq-sent-at", "-5");
        MessageAccessor.putProperty(odd, "mq-more", "no base64!");
        MessageAccessor.putProperty(odd, "colour", "green");
        MessageAccessor.putProperty(odd, "TRACE_ON", "true");
        RocketMqMessage strange = received(odd);
        assertThat(strange.deliverAtMillis()).isZero();
        assertThat(strange.sentAtMillis()).isZero();
        assertThat(strange.body()).isEmpty();
        assertThat(strange.headers()).isEqualTo(Map.of("colour", "green"));
    }

    @Test
    void whatIsCutOffInABlockLosesOnlyItself() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("a", "");
        texts.put("b", "x".repeat(300));
        String block = PropertyBlock.encode(texts);
        assertThat(PropertyBlock.decode(block)).isEqualTo(texts);
        assertThat(PropertyBlock.decode(block.substring(0, 200))).isEqualTo(Map.of("a", ""));
    }

    @Test
    void moreHeadersThanAMessageHoldsAreRefused() {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            headers.put("h" + i, "");
        }
        assertThatThrownBy(() -> RocketMqTranslator.message("t", new Outgoing("id", null, new byte[1], headers)))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("fewer headers");
    }

    private static Arguments failure(
            Reason reason, String text, ErrorCode code, boolean retryable, boolean nothingStored) {
        return Arguments.of(new Failure(reason, new IllegalStateException(text)), code, retryable, nothingStored);
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                failure(Reason.NOT_SENT, "connect to a:1 failed", ErrorCode.UNAVAILABLE, true, true),
                failure(Reason.NO_ANSWER, "send request to a:1 failed", ErrorCode.UNAVAILABLE, true, false),
                failure(Reason.TIMEOUT, "no answer within 5 ms", ErrorCode.TIMEOUT, true, false),
                failure(Reason.CLOSED, "executor not accepting a task", ErrorCode.CLOSED, false, false),
                failure(Reason.SYSTEM_ERROR, "UNKNOWN_ERROR", ErrorCode.UNAVAILABLE, true, false),
                failure(
                        Reason.SYSTEM_ERROR,
                        "create mapped file failed, server is busy or broken.",
                        ErrorCode.FULL,
                        true,
                        true),
                failure(
                        Reason.SYSTEM_ERROR,
                        "java.lang.InternalError: a fault occurred in a recent unsafe memory access operation",
                        ErrorCode.FULL,
                        true,
                        false),
                failure(Reason.BUSY, "broker busy", ErrorCode.FULL, true, true),
                failure(Reason.NOT_SERVING, "disk full", ErrorCode.FULL, true, true),
                failure(Reason.MISSING, "t", ErrorCode.NOT_FOUND, false, true),
                failure(Reason.MESSAGE_ILLEGAL, "length", ErrorCode.TOO_LARGE, false, true),
                failure(Reason.MESSAGE_ILLEGAL, "timer message illegal, the delay", ErrorCode.UNSUPPORTED, false, true),
                failure(
                        Reason.SYSTEM_ERROR,
                        "accurate timer message is not enabled",
                        ErrorCode.UNSUPPORTED,
                        false,
                        true),
                failure(Reason.UNSUPPORTED, "request type 1 not supported", ErrorCode.UNSUPPORTED, false, true),
                failure(Reason.INVALID, "a null", ErrorCode.MISMATCH, false, true),
                failure(Reason.NOT_LEADER, "not leader", ErrorCode.UNAVAILABLE, true, true),
                failure(Reason.REFUSED, "code 999", ErrorCode.UNAVAILABLE, true, false),
                failure(Reason.NO_PERMISSION, "topic", ErrorCode.AUTHORIZATION, false, true),
                failure(
                        Reason.NO_PERMISSION,
                        "User:app has no permission to access Topic:t from h, no",
                        ErrorCode.AUTHORIZATION,
                        false,
                        true),
                failure(Reason.NO_PERMISSION, "check signature failed", ErrorCode.AUTHENTICATION, false, true),
                failure(Reason.UNEXPECTED, "bug", ErrorCode.INTERNAL, false, false));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorsAreClassified(Failure failure, ErrorCode code, boolean retryable, boolean nothingStored) {
        MessagingException error = RocketMqTranslator.error("sending to t", failure);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isEqualTo(retryable);
        assertThat(error).hasCause(failure.cause()).hasMessageStartingWith("sending to t failed");
        assertThat(RocketMqTranslator.nothingStored(failure)).isEqualTo(nothingStored);
    }

    @Test
    void anInterruptedCallerMayTryAgain() {
        Failure interrupted = Failure.of(new InterruptedException());
        assertThat(RocketMqTranslator.error("sending to t", interrupted).isRetryable())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = SendStatus.class, names = "SEND_OK", mode = EnumSource.Mode.EXCLUDE)
    void aMessageThatIsLessSafeThanItShouldBeIsNotCalledConfirmed(SendStatus status) {
        assertThat(RocketMqTranslator.unsafe("t", status))
                .hasMessageContaining(status.name())
                .satisfies(error -> assertThat(error.isRetryable()).isTrue());
    }
}
