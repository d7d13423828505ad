package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.tck.direct.Outgoing;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RabbitMqTranslatorTest {
    private static MessagingException closed(int code, String text) {
        ShutdownSignalException signal = new ShutdownSignalException(
                false,
                false,
                new AMQP.Channel.Close.Builder().replyCode(code).replyText(text).build(),
                null);
        return RabbitMqTranslator.error("testing", new IOException(signal));
    }

    @ParameterizedTest
    @CsvSource({
        "403, ACCESS_REFUSED - write access refused, AUTHORIZATION, false",
        "404, NOT_FOUND - no queue 'x', NOT_FOUND, false",
        "404, NOT_FOUND - home node of queue 'x' is down or inaccessible, UNAVAILABLE, true",
        "405, RESOURCE_LOCKED - exclusive, MISMATCH, false",
        "406, PRECONDITION_FAILED - inequivalent arg 'durable', MISMATCH, false",
        "406, PRECONDITION_FAILED - message size 2 is larger than configured max size 1, TOO_LARGE, false",
        "406, PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out, UNAVAILABLE, true",
        "320, CONNECTION_FORCED - broker forced, UNAVAILABLE, true",
        "530, NOT_ALLOWED - vhost x not found, NOT_FOUND, false",
        "530, NOT_ALLOWED - access to vhost refused, AUTHORIZATION, false",
        "540, NOT_IMPLEMENTED, UNSUPPORTED, false",
        "541, INTERNAL_ERROR, UNAVAILABLE, true"
    })
    void theServersWordsGetACode(int code, String text, ErrorCode expected, boolean retryable) {
        MessagingException error = closed(code, text);
        assertThat(error.code()).isEqualTo(expected);
        assertThat(error.isRetryable()).isEqualTo(retryable);
        assertThat(error).hasMessageContaining(text);
    }

    @Test
    void whatTheServerDidNotSay() {
        assertThat(RabbitMqTranslator.error("x", new IOException("Broken pipe")).code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(RabbitMqTranslator.error("x", new TimeoutException()).code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(RabbitMqTranslator.error("x", new IllegalStateException("odd"))
                        .code())
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void reservedHeadersTravelEscaped() {
        Outgoing message = new Outgoing("i", "k", new byte[0], Map.of("CC", "a", "x-death", "b", "x-mine", "c"));
        Map<String, Object> headers =
                RabbitMqTranslator.properties(message, Map.of()).getHeaders();
        assertThat(headers).containsKeys("mq-as-CC", "mq-as-x-death", "x-mine").doesNotContainKeys("CC", "x-death");
        assertThat(ReservedHeaders.unescape("mq-as-CC")).isEqualTo("CC");
    }

    @Test
    void aLongIdGoesIntoAHeader() {
        String id = "ü".repeat(200);
        Outgoing message = Outgoing.text(id, null, "x");
        var properties = RabbitMqTranslator.properties(message, Map.of());
        assertThat(properties.getMessageId()).isNull();
        assertThat(RabbitMqTranslator.id(properties)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"3.10.8, 3", "4.1.0, 4", "4.0.0-rc.1, 4", "nonsense, 0"})
    void versionsAreRead(String version, int major) {
        assertThat(new RabbitMqServer("RabbitMQ", version).major()).isEqualTo(major);
    }
}
