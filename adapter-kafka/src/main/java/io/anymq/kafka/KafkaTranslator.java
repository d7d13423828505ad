package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.WireHeaders;
import io.anymq.spi.support.EscapedUtf8;
import io.anymq.spi.support.TlsRefusal;
import io.anymq.spi.support.VendorErrors;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
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

    /**
     * The record for a message.
     *
     * @param partition where it goes if neither a lane nor its key says
     * @param contentType the header of its content type
     */
    static ProducerRecord<byte[], byte[]> record(
            String topic, OutboundMessage message, @Nullable Integer partition, Header contentType, long nowMillis) {
        KafkaOriginal original = KafkaOriginal.of(message.received());
        RecordHeaders headers = new RecordHeaders();
        headers.add(new RecordHeader(WireHeaders.ID, EscapedUtf8.encode(message.id())));
        if (contentType != NO_CONTENT_TYPE) {
            headers.add(contentType);
        }
        Long timestamp = message.sentAtMillis();
        boolean brokerStamps = message.lane() >= 0;
        if (brokerStamps || Math.abs(nowMillis - message.sentAtMillis()) > TIMESTAMP_TOLERANCE_MILLIS) {
            headers.add(number(WireHeaders.SENT_AT, message.sentAtMillis()));
            timestamp = null;
        }
        if (message.deliverAtMillis() != 0) {
            headers.add(number(WireHeaders.DELIVER_AT, message.deliverAtMillis()));
        }
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            original.headers(header.getKey(), header.getValue()).forEach(headers::add);
        }
        String key = message.key();
        return new ProducerRecord<>(
                topic,
                message.lane() < 0 ? partition : Integer.valueOf(message.lane()),
                timestamp,
                key == null ? null : EscapedUtf8.encode(key),
                original.value(message.body()),
                headers);
    }

    private static Header number(String name, long value) {
        return new RecordHeader(name, Long.toString(value).getBytes(UTF_8));
    }

    /**
     * What an exception of the vendor's stands for.
     *
     * @param refused whether the broker says so finally, before it has stored anything. Errors that may be retried, and
     *     every time-out, leave it open whether an earlier try was stored.
     */
    private record Meaning(Class<? extends Exception> type, ErrorCode code, boolean refused) {}

    /** The first that fits counts. */
    private static final List<Meaning> MEANINGS = List.of(
            new Meaning(AuthenticationException.class, ErrorCode.AUTHENTICATION, false),
            new Meaning(AuthorizationException.class, ErrorCode.AUTHORIZATION, true),
            new Meaning(UnknownTopicOrPartitionException.class, ErrorCode.NOT_FOUND, false),
            new Meaning(RecordTooLargeException.class, ErrorCode.TOO_LARGE, true),
            new Meaning(RecordBatchTooLargeException.class, ErrorCode.TOO_LARGE, true),
            new Meaning(BufferExhaustedException.class, ErrorCode.FULL, false),
            new Meaning(InvalidTopicException.class, ErrorCode.INVALID_NAME, true),
            new Meaning(UnsupportedVersionException.class, ErrorCode.UNSUPPORTED, true),
            new Meaning(UnsupportedForMessageFormatException.class, ErrorCode.UNSUPPORTED, true),
            new Meaning(InvalidReplicationFactorException.class, ErrorCode.UNSUPPORTED, false),
            new Meaning(InvalidPartitionsException.class, ErrorCode.UNSUPPORTED, false),
            new Meaning(PolicyViolationException.class, ErrorCode.UNSUPPORTED, true),
            new Meaning(ConfigException.class, ErrorCode.CONFIGURATION, false),
            new Meaning(InvalidConfigurationException.class, ErrorCode.CONFIGURATION, false),
            new Meaning(InvalidRecordException.class, ErrorCode.INVALID_MESSAGE, true),
            new Meaning(InvalidTimestampException.class, ErrorCode.INVALID_MESSAGE, true),
            new Meaning(SerializationException.class, ErrorCode.ENCODING, true),
            new Meaning(KafkaException.class, ErrorCode.UNAVAILABLE, false),
            new Meaning(TimeoutException.class, ErrorCode.UNAVAILABLE, false),
            new Meaning(InterruptedException.class, ErrorCode.CLOSED, false),
            // A closed client throws it.
            new Meaning(IllegalStateException.class, ErrorCode.CLOSED, false),
            new Meaning(Exception.class, ErrorCode.INTERNAL, false));

    private static Meaning meaning(Throwable failure) {
        return MEANINGS.stream()
                .filter(meaning -> meaning.type().isInstance(failure))
                .findFirst()
                .orElse(MEANINGS.get(MEANINGS.size() - 1));
    }

    /** Whether the broker refused finally before it stored anything. */
    static boolean refusedByBroker(Throwable failure) {
        return meaning(failure).refused();
    }

    /** The failure of {@code action} (such as "sending to orders"), with its cause and what to do about it. */
    static MessagingException error(String action, Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof MessagingException already) {
            return already;
        }
        ErrorCode code = meaning(cause).code();
        return TlsRefusal.of(action, "anymq.kafka.", cause)
                .orElseGet(() -> VendorErrors.error(action, code, cause, advice(code)));
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

    private static String advice(ErrorCode code) {
        return switch (code) {
            case AUTHENTICATION -> "check anymq.kafka.common.sasl.mechanism, sasl.jaas.config and anymq.kafka.tls";
            case AUTHORIZATION -> "grant the user the Kafka ACLs that docs/brokers/kafka.md lists";
            case NOT_FOUND ->
                "create the Kafka topic; anymq.provision=create does so whenever a producer or consumer is opened";
            case TOO_LARGE ->
                "raise anymq.kafka.max-message and, for an existing topic, max.message.bytes, or send smaller messages";
            case FULL -> "the broker cannot keep up; send more slowly, or raise anymq.kafka.producer.buffer.memory";
            case UNAVAILABLE ->
                "check that the broker is running and that its advertised listeners are reachable from here";
            default -> "";
        };
    }
}
