package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.SenderOptions;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Declaration;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How topics were declared, in a compacted topic of one partition. A key is the topic's name, its id and a number of
 * its own; of several records for one topic the first counts, which is the same one for all who read them. The id lets
 * a topic that was deleted and created again be declared again. Thread-safe.
 */
final class KafkaDeclarations {
    /** The topic's name. */
    static final String TOPIC = "anymq.declarations";

    private static final String WHERE = "the Kafka topic " + TOPIC;
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeclarations.class);

    /** Makes sure that the topic is there; false if it is missing and must not be created. */
    @FunctionalInterface
    interface Place {
        boolean isThere(boolean create, Deadline deadline);
    }

    private final KafkaConfig config;
    private final Place place;
    private final ReentrantLock lock = new ReentrantLock();

    /** By topic and id; in each, by key, in the order of the log. */
    private final Map<String, Map<String, Declaration>> read = new HashMap<>();

    private volatile @Nullable Consumer<byte[], byte[]> reader;

    KafkaDeclarations(KafkaConfig config, Place place) {
        this.config = config;
        this.place = place;
    }

    /**
     * Compares the declaration of {@code address} with the first one of its topic.
     *
     * @param create whether to write it down if it is the first
     * @throws MessagingException MISMATCH
     */
    void require(Address address, TopicDescription topic, boolean create, Deadline deadline) {
        Declaration wanted = Declaration.of(address, config.clientName());
        if (wanted == null) {
            return;
        }
        String subject = topic.name() + "/" + topic.topicId() + "/";
        try {
            if (!lock.tryLock(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
                throw late();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaTranslator.error("reading " + WHERE, e);
        }
        try {
            Declaration first = first(subject, create, deadline);
            if (first == null && create) {
                first = append(subject, wanted, deadline);
            }
            if (first != null) {
                first.requireAgreement(address, WHERE);
            }
        } catch (KafkaException e) {
            startOver();
            throw KafkaTranslator.error("comparing the declaration of " + address + " with " + WHERE, e);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Declaration first(String subject, boolean create, Deadline deadline) {
        Declaration known = known(subject);
        if (known != null || !place.isThere(create, deadline)) {
            return known;
        }
        read(deadline);
        return known(subject);
    }

    private @Nullable Declaration known(String subject) {
        return read.getOrDefault(subject, Map.of()).values().stream()
                .findFirst()
                .orElse(null);
    }

    /** The first record in the log declares the topic; one behind it is removed again. */
    private Declaration append(String subject, Declaration wanted, Deadline deadline) {
        String key = subject + UUID.randomUUID();
        SenderOptions options = new SenderOptions(1, deadline.left());
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(config.producer(options, "-declarations"))) {
            write(producer, key, wanted.text(), deadline);
            read(deadline);
            Declaration first = known(subject);
            if (first == null) {
                throw new MessagingException(
                        ErrorCode.UNAVAILABLE,
                        WHERE + " lost a record at once; check that its cleanup.policy is compact",
                        true,
                        null);
            }
            if (!read.getOrDefault(subject, Map.of()).keySet().iterator().next().equals(key)) {
                write(producer, key, null, deadline);
            }
            return first;
        }
    }

    private static void write(Producer<byte[], byte[]> producer, String key, @Nullable String text, Deadline deadline) {
        byte[] value = text == null ? null : text.getBytes(UTF_8);
        try {
            producer.send(new ProducerRecord<>(TOPIC, PARTITION.partition(), key.getBytes(UTF_8), value))
                    .get(deadline.millisLeft() + 100L, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaTranslator.error("writing to " + WHERE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaTranslator.error("writing to " + WHERE, e);
        }
    }

    /** Reads what was written before this call. */
    private void read(Deadline deadline) {
        Consumer<byte[], byte[]> consumer = reader;
        if (consumer == null) {
            consumer = new KafkaConsumer<>(config.reader("-declarations"));
            reader = consumer;
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
        }
        Long end = consumer.endOffsets(List.of(PARTITION), deadline.left()).get(PARTITION);
        if (end == null) {
            throw late();
        }
        if (consumer.position(PARTITION, deadline.left()) > end) {
            // the topic was deleted and created again
            read.clear();
            consumer.seekToBeginning(List.of(PARTITION));
        }
        while (consumer.position(PARTITION, deadline.left()) < end) {
            if (deadline.passed()) {
                throw late();
            }
            consumer.poll(POLL).forEach(this::note);
        }
    }

    private void note(ConsumerRecord<byte[], byte[]> entry) {
        byte[] name = entry.key();
        if (name == null) {
            return;
        }
        String key = new String(name, UTF_8);
        String subject = key.substring(0, key.lastIndexOf('/') + 1);
        byte[] value = entry.value();
        if (value == null) {
            read.getOrDefault(subject, new HashMap<>()).remove(key);
            return;
        }
        Declaration.parse(new String(value, UTF_8))
                .ifPresentOrElse(
                        declaration -> read.computeIfAbsent(subject, none -> new LinkedHashMap<>())
                                .putIfAbsent(key, declaration),
                        () -> LOG.warn(
                                "Skipped a record of {} that is not a declaration, at {}", TOPIC, entry.offset()));
    }

    private static MessagingException late() {
        return new MessagingException(
                ErrorCode.TIMEOUT,
                WHERE + " could not be read in time; try again and check that all brokers are running",
                true,
                null);
    }

    @SuppressWarnings("deprecation") // its successor came with kafka-clients 4.1
    private void startOver() {
        Consumer<byte[], byte[]> consumer = reader;
        reader = null;
        read.clear();
        if (consumer != null) {
            consumer.close(Duration.ZERO);
        }
    }

    void close(Duration timeout) {
        Consumer<byte[], byte[]> consumer = reader;
        if (consumer != null) {
            consumer.wakeup();
        }
        boolean interrupted = Thread.interrupted();
        try {
            if (lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    startOver();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
