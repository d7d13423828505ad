package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.tck.direct.Outgoing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaTranslatorTest {
    private static final long NOW = 1_700_000_000_000L;

    private static ProducerRecord<byte[], byte[]> record(Outgoing message) {
        return KafkaTranslator.record("t", message, null, KafkaTranslator.contentType(message.contentType()), NOW);
    }

    private static KafkaMessage received(ProducerRecord<byte[], byte[]> sent) {
        return new KafkaMessage(
                new ConsumerRecord<>(
                        "t",
                        3,
                        42,
                        sent.timestamp() == null ? NOW : sent.timestamp(),
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        sent.key(),
                        sent.value(),
                        sent.headers(),
                        java.util.Optional.empty()),
                new KafkaLane(new TopicPartition("t", 3)));
    }

    @Test
    void aMessageSurvivesBothWays() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("a", "ä");
        headers.put("mq-attempts", "3");
        Outgoing message = new Outgoing("id", "k€y", "bödy".getBytes(UTF_8), headers);
        message.sentAtMillis(NOW - 10);
        message.deliverAtMillis(NOW + 5_000);
        KafkaMessage received = received(record(message));
        assertThat(received.id()).isEqualTo("id");
        assertThat(received.key()).isEqualTo("k€y");
        assertThat(received.body()).isEqualTo(message.body());
        assertThat(received.contentType()).isEqualTo(message.contentType());
        assertThat(received.headers()).isEqualTo(headers);
        assertThat(received.sentAtMillis()).isEqualTo(NOW - 10);
        assertThat(received.deliverAtMillis()).isEqualTo(NOW + 5_000);
    }

    @Test
    void theTimestampCarriesTheTimeOfSendingUnlessItIsFarAway() {
        Outgoing message = Outgoing.text("id", null, "x");
        message.sentAtMillis(NOW - 1_000);
        assertThat(record(message).timestamp()).isEqualTo(NOW - 1_000);
        assertThat(record(message).headers().lastHeader("mq-sent-at")).isNull();
        for (long far : new long[] {0, 1, NOW - 86_400_000, NOW + 86_400_000}) {
            message.sentAtMillis(far);
            assertThat(record(message).timestamp()).isNull();
            assertThat(received(record(message)).sentAtMillis()).isEqualTo(far);
        }
    }

    @Test
    void aForeignRecordIsReadable() {
        KafkaMessage bare = received(new ProducerRecord<>("t", null, null, null, null, new RecordHeaders()));
        assertThat(bare.id()).isEqualTo("t-3@42@" + NOW);
        assertThat(bare.key()).isNull();
        assertThat(bare.body()).isEmpty();
        assertThat(bare.contentType()).isEmpty();
        assertThat(bare.headers()).isEmpty();
        RecordHeaders odd = new RecordHeaders();
        odd.add("mq-deliver-at", "soon".getBytes(UTF_8))
                .add("mq-sent-at", "-5".getBytes(UTF_8))
                .add("twice", "1".getBytes(UTF_8))
                .add("twice", "2".getBytes(UTF_8))
                .add("none", null)
                .add("binary", new byte[] {(byte) 0xff});
        KafkaMessage strange = received(new ProducerRecord<>("t", null, null, null, null, odd));
        assertThat(strange.deliverAtMillis()).isZero();
        assertThat(strange.sentAtMillis()).isZero();
        assertThat(strange.headers())
                .containsEntry("twice", "2")
                .containsEntry("none", "")
                .containsKey("binary");
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(new TimeoutException("t"), ErrorCode.UNAVAILABLE, true, false),
                Arguments.of(new NetworkException("n"), ErrorCode.UNAVAILABLE, true, false),
                Arguments.of(new DisconnectException("d"), ErrorCode.UNAVAILABLE, true, false),
                Arguments.of(new NotEnoughReplicasAfterAppendException("n"), ErrorCode.UNAVAILABLE, true, false),
                Arguments.of(new KafkaException("closed forcefully"), ErrorCode.UNAVAILABLE, true, false),
                Arguments.of(new BufferExhaustedException("b"), ErrorCode.FULL, true, false),
                Arguments.of(new UnknownTopicOrPartitionException("u"), ErrorCode.NOT_FOUND, false, false),
                Arguments.of(new RecordTooLargeException("r"), ErrorCode.TOO_LARGE, false, true),
                Arguments.of(new TopicAuthorizationException("t"), ErrorCode.AUTHORIZATION, false, true),
                Arguments.of(new SaslAuthenticationException("s"), ErrorCode.AUTHENTICATION, false, false),
                Arguments.of(new IllegalStateException("closed"), ErrorCode.CLOSED, false, false),
                Arguments.of(new ArithmeticException("bug"), ErrorCode.INTERNAL, false, false));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void errorsAreClassified(Exception failure, ErrorCode code, boolean retryable, boolean refused) {
        MessagingException error = KafkaTranslator.error("sending to t", new ExecutionException(failure));
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.isRetryable()).isEqualTo(retryable);
        assertThat(error).hasCause(failure).hasMessageStartingWith("sending to t failed");
        assertThat(KafkaTranslator.refusedByBroker(failure)).isEqualTo(refused);
    }
}
