package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Messages on their way out and the vendor's errors, in AnyMQ's terms. The way in is {@link KafkaMessage}. */
final class KafkaTranslator {
    /** A time further from now than this travels in a header, because brokers judge age by a record's timestamp. */
    static final long TIMESTAMP_TOLERANCE_MILLIS = 60_000;

    private static final Header NO_CONTENT_TYPE = new RecordHeader(WireHeaders.CONTENT_TYPE, new byte[0]);

    private KafkaTranslator() {}

    /** The header for a content type; immutable, so one can be used for many records. */
    static Header contentType(String contentType) {
        return contentType.isEmpty()
                ? NO_CONTENT_TYPE
                : new RecordHeader(WireHeaders.CONTENT_TYPE, contentType.getBytes(UTF_8));
    }

    /** The record for a message; {@code contentType} is the header of its content type. */
    static ProducerRecord<byte[], byte[]> record(
            String topic, OutboundMessage message, Header contentType, long nowMillis) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(new RecordHeader(WireHeaders.ID, message.id().getBytes(UTF_8)));
        if (contentType != NO_CONTENT_TYPE) {
            headers.add(contentType);
        }
        Long timestamp = message.sentAtMillis();
        if (Math.abs(nowMillis - message.sentAtMillis()) > TIMESTAMP_TOLERANCE_MILLIS) {
            headers.add(number(WireHeaders.SENT_AT, message.sentAtMillis()));
            timestamp = null;
        }
        if (message.deliverAtMillis() != 0) {
            headers.add(number(WireHeaders.DELIVER_AT, message.deliverAtMillis()));
        }
        Map<String, String> extra = message.headers();
        if (!extra.isEmpty()) {
            for (Map.Entry<String, String> header : extra.entrySet()) {
                headers.add(new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8)));
            }
        }
        String key = message.key();
        return new ProducerRecord<>(
                topic,
                message.lane() < 0 ? null : message.lane(),
                timestamp,
                key == null ? null : key.getBytes(UTF_8),
                message.body(),
                headers);
    }

    private static Header number(String name, long value) {
        return new RecordHeader(name, Long.toString(value).getBytes(UTF_8));
    }

    /**
     * Whether the broker refused finally before it stored anything. Errors that may be retried, and every time-out,
     * leaves it open whether an earlier try was stored.
     */
    static boolean refusedByBroker(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof AuthorizationException
                || failure instanceof InvalidTopicException
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException
                || failure instanceof PolicyViolationException
                || failure instanceof UnsupportedForMessageFormatException
                || failure instanceof UnsupportedVersionException
                || failure instanceof SerializationException;
    }

    /** The failure of {@code action} (such as "sending to orders"), with its cause and what to do about it. */
    static MessagingException error(String action, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof MessagingException already) {
            return already;
        }
        ErrorCode code = code(cause);
        String advice = advice(code);
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new MessagingException(
                code,
                action + " failed: " + Escape.forLog(detail) + (advice.isEmpty() ? "" : "; " + advice),
                retryable(code, cause),
                cause);
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Constructors of the vendor's clients wrap what went wrong.
        if (cause.getClass() == KafkaException.class && cause.getCause() instanceof KafkaException inner) {
            return inner;
        }
        return cause;
    }

    private static ErrorCode code(Throwable cause) {
        if (cause instanceof AuthenticationException) {
            return ErrorCode.AUTHENTICATION;
        }
        if (cause instanceof AuthorizationException) {
            return ErrorCode.AUTHORIZATION;
        }
        if (cause instanceof UnknownTopicOrPartitionException) {
            return ErrorCode.NOT_FOUND;
        }
        if (cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException) {
            return ErrorCode.TOO_LARGE;
        }
        if (cause instanceof BufferExhaustedException) {
            return ErrorCode.FULL;
        }
        if (cause instanceof InvalidTopicException) {
            return ErrorCode.INVALID_NAME;
        }
        if (cause instanceof UnsupportedVersionException
                || cause instanceof UnsupportedForMessageFormatException
                || cause instanceof InvalidReplicationFactorException
                || cause instanceof InvalidPartitionsException
                || cause instanceof PolicyViolationException) {
            return ErrorCode.UNSUPPORTED;
        }
        if (cause instanceof ConfigException || cause instanceof InvalidConfigurationException) {
            return ErrorCode.CONFIGURATION;
        }
        if (cause instanceof InvalidRecordException || cause instanceof InvalidTimestampException) {
            return ErrorCode.INVALID_MESSAGE;
        }
        if (cause instanceof SerializationException) {
            return ErrorCode.ENCODING;
        }
        if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return ErrorCode.UNAVAILABLE;
        }
        if (cause instanceof RetriableException || cause instanceof KafkaException) {
            return ErrorCode.UNAVAILABLE;
        }
        // A closed client throws an IllegalStateException.
        return cause instanceof InterruptedException || cause instanceof IllegalStateException
                ? ErrorCode.CLOSED
                : ErrorCode.INTERNAL;
    }

    private static boolean retryable(ErrorCode code, @Nullable Throwable cause) {
        return code == ErrorCode.UNAVAILABLE
                || code == ErrorCode.FULL
                || code == ErrorCode.TIMEOUT
                || cause instanceof InterruptException;
    }

    private static String advice(ErrorCode code) {
        return switch (code) {
            case AUTHENTICATION -> "check anymq.kafka.common.security.protocol, sasl.mechanism and sasl.jaas.config";
            case AUTHORIZATION -> "grant the user the Kafka ACLs that docs/brokers/kafka.md lists";
            case NOT_FOUND -> "create the Kafka topic, or set anymq.provision=create";
            case TOO_LARGE ->
                "raise anymq.kafka.max-message and, for an existing topic, max.message.bytes, or send smaller messages";
            case FULL -> "the broker cannot keep up; send more slowly, or raise anymq.kafka.producer.buffer.memory";
            case UNAVAILABLE ->
                "check that the broker is running and that its advertised listeners are reachable from here";
            default -> "";
        };
    }
}
