package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.OutstandingSends;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Sends to one Kafka topic through the connection's producer. */
final class KafkaSender implements BrokerSender {
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Set<KafkaSender> siblings;
    private final OutstandingSends<Outstanding> outstanding;
    private final CountDownLatch drained = new CountDownLatch(1);

    private volatile boolean closed;
    private volatile ContentType contentType = new ContentType("", KafkaTranslator.contentType(""));

    private KafkaSender(Producer<byte[], byte[]> producer, String topic, int maxInFlight, Set<KafkaSender> siblings) {
        this.producer = producer;
        this.topic = topic;
        this.outstanding = new OutstandingSends<>(maxInFlight);
        this.siblings = siblings;
    }

    /** A sender that is in {@code siblings} until it is closed. */
    static KafkaSender open(
            Producer<byte[], byte[]> producer, String topic, int maxInFlight, Set<KafkaSender> siblings) {
        KafkaSender sender = new KafkaSender(producer, topic, maxInFlight, siblings);
        siblings.add(sender);
        return sender;
    }

    @Override
    public void send(List<? extends OutboundMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            send(messages.get(i));
        }
    }

    @Override
    public void send(OutboundMessage message) {
        if (closed) {
            message.rejected(new MessagingException(ErrorCode.CLOSED, "the sender to " + topic + " is closed"));
            return;
        }
        Outstanding entry = new Outstanding(message);
        if (!outstanding.add(entry)) {
            message.rejected(new MessagingException(
                    ErrorCode.FULL, "more sends to " + topic + " are under way than were announced", true, null));
            return;
        }
        try {
            // The entry hears of the outcome; the future would tell the same.
            var unused = producer.send(
                    KafkaTranslator.record(topic, message, header(message.contentType()), System.currentTimeMillis()),
                    entry);
        } catch (RuntimeException e) {
            // Thrown before the record reached the producer's buffer.
            entry.onCompletion(null, e);
        } finally {
            entry.caller = null;
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

    @Override
    public void close(Duration timeout) {
        if (closed && outstanding.isEmpty()) {
            return;
        }
        closed = true;
        if (outstanding.isEmpty() || !awaitDrained(timeout)) {
            outstanding.forEach(Outstanding::abandon);
        }
        siblings.remove(this);
    }

    private boolean awaitDrained(Duration timeout) {
        try {
            return drained.await(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record ContentType(String text, Header header) {}

    /** One message between {@code send} and its outcome. */
    private final class Outstanding extends OutstandingSends.Entry implements Callback {
        private final OutboundMessage message;

        /** Set while the calling thread is inside the producer: a failure on that thread means nothing was sent. */
        private @Nullable Thread caller = Thread.currentThread();

        Outstanding(OutboundMessage message) {
            this.message = message;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (!outstanding.remove(this)) {
                return;
            }
            if (failure == null) {
                message.confirmed(metadata);
            } else {
                MessagingException error = KafkaTranslator.error("sending to " + topic, failure);
                if (caller == Thread.currentThread() || KafkaTranslator.refusedByBroker(failure)) {
                    message.rejected(error);
                } else {
                    message.unknown(error);
                }
            }
            if (closed && outstanding.isEmpty()) {
                drained.countDown();
            }
        }

        void abandon() {
            if (outstanding.remove(this)) {
                message.unknown(new MessagingException(
                        ErrorCode.TIMEOUT,
                        "the sender to " + topic + " was closed before the broker had answered",
                        true,
                        null));
            }
        }
    }
}
