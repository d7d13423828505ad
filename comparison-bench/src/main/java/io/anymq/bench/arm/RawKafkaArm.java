package io.anymq.bench.arm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own client with the guarantees of the adapter arm: the same producer and consumer settings, the same cap on sends
 * in flight, keys routed by the client's own partitioner, handlers run in key order on as many threads, and only the
 * contiguous prefix committed, at most every 100 ms.
 */
public final class RawKafkaArm extends RawArm {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Commits<TopicPartition> commits = new Commits<>();
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private boolean paused;

    private Map<String, Object> settings(String prefix) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", context().bootstrap());
        context().vendor().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }

    @Override
    void connect(ArmContext opened) throws Exception {
        try (Admin admin = Admin.create(settings("admin."))) {
            NewTopic topic =
                    new NewTopic(opened.destination(), Optional.of(number("topic.partitions")), Optional.empty());
            admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
        }
        KafkaProducer<byte[], byte[]> created =
                new KafkaProducer<>(settings("producer."), new ByteArraySerializer(), new ByteArraySerializer());
        closing(() -> created.close(Duration.ofSeconds(10)));
        producer = created;
    }

    @Override
    void transmit(String key, byte[] payload, Completion end) {
        var unused = Objects.requireNonNull(producer)
                .send(
                        new ProducerRecord<>(context().destination(), key.getBytes(StandardCharsets.UTF_8), payload),
                        (metadata, error) -> end.ended(error));
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        Map<String, Object> settings = settings("consumer.");
        settings.put("group.id", "raw-" + context().destination());
        KafkaConsumer<byte[], byte[]> created =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        closing(() -> created.close(CloseOptions.timeout(PATIENCE)));
        consumer = created;
        // All that can be in flight, and one poll on top of it.
        startHandlers(context().maxInFlight() + number("consumer.max.poll.records"));
        CountDownLatch assigned = new CountDownLatch(1);
        created.subscribe(List.of(context().destination()), new Assignment(assigned));
        startReceiving(mayTake -> poll(created, mayTake, handler));
        if (!assigned.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Kafka assigned no partition within 30 s");
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> polled, boolean mayTake, PayloadHandler handler) {
        if (mayTake == paused) {
            if (mayTake) {
                polled.resume(polled.assignment());
            } else {
                polled.pause(polled.assignment());
            }
            paused = !mayTake;
        }
        for (ConsumerRecord<byte[], byte[]> record : polled.poll(Duration.ofMillis(paused ? 1 : 100))) {
            ContiguousOffsets offsets =
                    commits.of(new TopicPartition(record.topic(), record.partition()), record.offset());
            hand(Arrays.hashCode(record.key()), () -> {
                handler.handle(record.value());
                offsets.done(record.offset());
            });
        }
        Map<TopicPartition, OffsetAndMetadata> due = positions(commits.dueNow());
        if (!due.isEmpty()) {
            polled.commitAsync(due, null);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> positions(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) -> positions.put(partition, new OffsetAndMetadata(offset)));
        return positions;
    }

    @Override
    void settleLast() {
        Map<TopicPartition, OffsetAndMetadata> last = positions(commits.due());
        if (consumer != null && !last.isEmpty()) {
            consumer.commitSync(last, PATIENCE);
        }
    }

    @Override
    public boolean reconnects() {
        return true;
    }

    /** Commits what is done before a partition is given up. */
    private final class Assignment implements ConsumerRebalanceListener {
        private final CountDownLatch assigned;

        Assignment(CountDownLatch assigned) {
            this.assigned = assigned;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                assigned.countDown();
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            settleLast();
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(commits::forget);
        }
    }
}
