package io.anymq.bench.arm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
public final class RawKafkaArm implements Arm {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private @Nullable ArmContext context;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private @Nullable KeyedWorkers workers;
    private @Nullable Thread poller;
    private @Nullable SendRoom room;
    private volatile boolean closing;

    /** Used by the polling thread only. */
    private final Map<TopicPartition, ContiguousOffsets> offsets = new HashMap<>();

    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    @Override
    public void open(ArmContext context) throws Exception {
        this.context = context;
        room = new SendRoom(context.maxInFlight());
        Map<String, Object> settings = new HashMap<>(settings("admin."));
        try (Admin admin = Admin.create(settings)) {
            int partitions =
                    Integer.parseInt(Objects.requireNonNull(context.vendor().get("topic.partitions")));
            admin.createTopics(List.of(new NewTopic(context.destination(), Optional.of(partitions), Optional.empty())))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(settings("producer."), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> settings(String prefix) {
        ArmContext opened = Objects.requireNonNull(context);
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", opened.bootstrap());
        opened.vendor().forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }

    @Override
    public void subscribe(PayloadHandler handler) throws Exception {
        ArmContext opened = Objects.requireNonNull(context, "open comes first");
        Map<String, Object> settings = settings("consumer.");
        settings.put("group.id", "raw-" + opened.destination());
        KafkaConsumer<byte[], byte[]> created =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer = created;
        // All that can be in flight, and one poll on top of it.
        KeyedWorkers pool = new KeyedWorkers(
                opened.handlers(), opened.maxInFlight() + Integer.parseInt((String) settings.get("max.poll.records")));
        workers = pool;
        CountDownLatch assigned = new CountDownLatch(1);
        Thread thread = new Thread(() -> poll(created, pool, handler, opened, assigned), "raw-poll");
        poller = thread;
        thread.start();
        if (!assigned.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Kafka assigned no partition within 30 s");
        }
    }

    private void poll(
            KafkaConsumer<byte[], byte[]> polled,
            KeyedWorkers pool,
            PayloadHandler handler,
            ArmContext opened,
            CountDownLatch assigned) {
        try {
            polled.subscribe(List.of(opened.destination()), new Assignment(polled, assigned));
            long lastCommit = System.nanoTime();
            boolean paused = false;
            while (!closing) {
                boolean full = inFlight.get() >= opened.maxInFlight();
                if (full != paused) {
                    if (full) {
                        polled.pause(polled.assignment());
                    } else {
                        polled.resume(polled.assignment());
                    }
                    paused = full;
                }
                for (ConsumerRecord<byte[], byte[]> record : polled.poll(paused ? Duration.ofMillis(1) : POLL)) {
                    hand(record, pool, handler);
                }
                if (System.nanoTime() - lastCommit >= COMMIT_NANOS) {
                    lastCommit = System.nanoTime();
                    Map<TopicPartition, OffsetAndMetadata> due = due();
                    if (!due.isEmpty()) {
                        polled.commitAsync(due, null);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            Objects.requireNonNull(room).broken(e);
        }
    }

    private void hand(ConsumerRecord<byte[], byte[]> record, KeyedWorkers pool, PayloadHandler handler)
            throws InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        ContiguousOffsets tracker =
                offsets.computeIfAbsent(partition, ignored -> new ContiguousOffsets(record.offset()));
        inFlight.incrementAndGet();
        pool.submit(Arrays.hashCode(record.key()), () -> {
            handler.handle(record.value());
            tracker.done(record.offset());
            inFlight.decrementAndGet();
        });
    }

    private Map<TopicPartition, OffsetAndMetadata> due() {
        Map<TopicPartition, OffsetAndMetadata> due = new HashMap<>();
        offsets.forEach((partition, tracker) -> {
            long next = tracker.committable();
            Long before = committed.put(partition, next);
            if (before == null || before != next) {
                due.put(partition, new OffsetAndMetadata(next));
            }
        });
        return due;
    }

    @Override
    public void send(String key, byte[] payload, Completion completion) throws Exception {
        SendRoom taken = Objects.requireNonNull(room, "open comes first");
        taken.take();
        var unused = Objects.requireNonNull(producer)
                .send(
                        new ProducerRecord<>(
                                Objects.requireNonNull(context).destination(),
                                key.getBytes(StandardCharsets.UTF_8),
                                payload),
                        (metadata, error) -> {
                            taken.free(1);
                            completion.ended(error);
                        });
    }

    @Override
    public boolean reconnects() {
        return true;
    }

    @Override
    public void close() throws Exception {
        closing = true;
        if (poller != null) {
            poller.join(10_000);
        }
        if (workers != null) {
            workers.close();
        }
        if (consumer != null) {
            // The polling thread has ended, so the consumer may be used here.
            Map<TopicPartition, OffsetAndMetadata> last = due();
            if (!last.isEmpty()) {
                consumer.commitSync(last, Duration.ofSeconds(5));
            }
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(5)));
        }
        if (producer != null) {
            producer.close(Duration.ofSeconds(10));
        }
    }

    /** Commits what is done before a partition is given up. */
    private final class Assignment implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> polled;
        private final CountDownLatch assigned;

        Assignment(KafkaConsumer<byte[], byte[]> polled, CountDownLatch assigned) {
            this.polled = polled;
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
            Map<TopicPartition, OffsetAndMetadata> last = due();
            if (!last.isEmpty()) {
                polled.commitSync(last, Duration.ofSeconds(5));
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : new ArrayList<>(partitions)) {
                offsets.remove(partition);
                committed.remove(partition);
            }
        }
    }
}
