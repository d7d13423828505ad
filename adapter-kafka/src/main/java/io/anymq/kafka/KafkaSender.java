package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.VendorErrors;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Sends to one Kafka topic through the connection's producer. */
final class KafkaSender implements BrokerSender {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Spread spread;
    private volatile boolean closed;
    private volatile ContentType contentType = new ContentType("", KafkaTranslator.contentType(""));

    KafkaSender(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
        this.spread = new Spread(producer, topic);
    }

    @Override
    public void send(OutboundMessage message) {
        if (closed) {
            message.rejected(new MessagingException(ErrorCode.CLOSED, "the sender to " + topic + " is closed"));
            return;
        }
        if (!message.storedAs().isEmpty()) {
            message.rejected(VendorErrors.unknownForm("Kafka", message.storedAs()));
            return;
        }
        Outcome outcome = new Outcome(message);
        try {
            ProducerRecord<byte[], byte[]> record = KafkaTranslator.record(
                    topic,
                    message,
                    message.key() == null && message.lane() < 0 ? spread.next() : null,
                    header(message.contentType()),
                    System.currentTimeMillis());
            // The outcome's own callback hears of it; the future would tell the same.
            var unused = producer.send(record, outcome);
        } catch (RuntimeException e) {
            // Thrown before the record reached the producer's buffer.
            outcome.onCompletion(null, e);
        } finally {
            outcome.caller = null;
        }
    }

    /** Messages of one sender nearly always have the same content type. */
    private Header header(String wanted) {
        ContentType known = contentType;
        if (!known.text.equals(wanted)) {
            known = new ContentType(wanted, KafkaTranslator.contentType(wanted));
            contentType = known;
        }
        return known.header;
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(producer) ? Optional.of(type.cast(producer)) : Optional.empty();
    }

    /** The producer belongs to the connection, which gives it time to send its buffer. */
    @Override
    public void close(Duration timeout) {
        closed = true;
    }

    private record ContentType(String text, Header header) {}

    /** Reports how one message ended. */
    private final class Outcome implements Callback {
        private final OutboundMessage message;

        /** Set while the calling thread is inside the producer: a failure on that thread means nothing was sent. */
        private @Nullable Thread caller = Thread.currentThread();

        Outcome(OutboundMessage message) {
            this.message = message;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure == null) {
                message.confirmed(metadata);
                return;
            }
            MessagingException error = KafkaTranslator.error("sending to " + topic, failure);
            if (caller == Thread.currentThread() || KafkaTranslator.refusedByBroker(failure)) {
                message.rejected(error);
            } else {
                message.unknown(error);
            }
        }
    }
}
