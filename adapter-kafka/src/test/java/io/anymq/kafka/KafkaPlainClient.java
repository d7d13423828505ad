package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.PlainMessage;
import io.anymq.tck.PlainPlaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Reads whole topics and writes records with the vendor's clients alone. */
final class KafkaPlainClient implements PlainPlaces {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String bootstrap;

    KafkaPlainClient(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) {
        return records(queue, expected, bound).stream()
                .map(KafkaPlainClient::message)
                .toList();
    }

    /** All records that are there. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return records(topic, 0, Duration.ZERO);
    }

    List<ConsumerRecord<byte[], byte[]>> records(String queue, int expected, Duration bound) {
        long end = System.nanoTime() + bound.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            List<TopicPartition> partitions = expected == 0 || bound.isZero()
                    ? partitions(consumer, queue)
                    : awaitPartitions(consumer, queue, bound);
            if (partitions.isEmpty()) {
                return found;
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            do {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                do {
                    // at least once: asking for the ends without a pause would keep the broker busy
                    consumer.poll(Duration.ofMillis(50)).forEach(found::add);
                } while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each)));
            } while (found.size() < expected && System.nanoTime() < end);
            return found;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "allow.auto.create.topics", false);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The controller creates a topic; a little later the broker tells its clients of it. */
    private static List<TopicPartition> awaitPartitions(KafkaConsumer<?, ?> consumer, String topic, Duration bound) {
        return Awaitility.await("partitions of " + topic)
                .atMost(bound)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> partitions(consumer, topic), partitions -> !partitions.isEmpty());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, Duration.ofSeconds(10));
        return known == null
                ? List.of()
                : known.stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
    }

    private static PlainMessage message(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8));
        }
        String id = headers.remove("mq-id");
        String contentType = headers.remove("mq-content-type");
        headers.remove("mq-sent-at");
        return new PlainMessage(
                id,
                record.key() == null ? null : new String(record.key(), UTF_8),
                record.value(),
                contentType,
                headers);
    }

    @Override
    public String impossibleName() {
        return "orders placed";
    }

    @Override
    public String createQueue(String word) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(name(word), 3, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            awaitPartitions(consumer, name(word), LIMIT);
        }
        return name(word);
    }

    @Override
    public String createTopic(String word) throws Exception {
        return createQueue(word);
    }

    @Override
    public String createSubscription(String topic, String word) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.endOffsets(partitions(consumer, topic))
                    .forEach((partition, end) -> start.put(partition, new OffsetAndMetadata(end)));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.alterConsumerGroupOffsets(name(word), start).all().get();
        }
        return name(word);
    }

    @Override
    public void publish(String topic, PlainMessage message) throws Exception {
        send(topic, message);
    }

    /** All of the topic: the group's own offsets only say how far it has come. */
    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound) {
        return read(topic, expected, bound);
    }

    @Override
    public void send(String queue, PlainMessage message) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                queue, message.key() == null ? null : message.key().getBytes(UTF_8), message.body());
        message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        if (message.id() != null) {
            record.headers().add("mq-id", message.id().getBytes(UTF_8));
        }
        if (message.contentType() != null) {
            record.headers().add("mq-content-type", message.contentType().getBytes(UTF_8));
        }
        send(record);
    }

    void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        send(record, Map.of());
    }

    /** By a producer with these settings; committed if they name a transactional id. */
    void send(ProducerRecord<byte[], byte[]> record, Map<String, Object> settings) throws Exception {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            boolean transactional = settings.containsKey("transactional.id");
            if (transactional) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            producer.send(record).get();
            if (transactional) {
                producer.commitTransaction();
            }
        }
    }
}
