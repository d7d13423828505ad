package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.anymq.tck.direct.SpiContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Keys and headers of other programs, which need not be text. */
class KafkaForeignIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final byte[] TRACE = {(byte) 0xFF, (byte) 0xFE, 1, 2, (byte) 0x80};

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", SharedBroker.url().substring("kafka://".length()));
        settings.put("group.id", SpiContext.uniqueName("reader"));
        settings.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(BOUND).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }

    @Test
    void keysAndHeadersThatAreNoTextStayWhatTheyAre() throws Exception {
        String name = SpiContext.uniqueName("foreign");
        Queue queue = Queue.of(name);
        Set<Long> handled = ConcurrentHashMap.newKeySet();
        Set<String> parked;
        int partition;
        try (MessagingClient client = MessagingClient.connect(SharedBroker.url())) {
            client.provision(queue);
            try (io.anymq.Consumer consumer = client.consumer(queue, byte[].class)
                    .retry(RetryPolicy.never())
                    .deadLetter(DeadLetterPolicy.parkKey())
                    .start(delivery -> {
                        long number = ByteBuffer.wrap(delivery.body()).getLong();
                        if (number == 128) {
                            throw new IllegalStateException("only this one");
                        }
                        handled.add(number);
                    })) {
                Properties settings = new Properties();
                settings.put("bootstrap.servers", SharedBroker.url().substring("kafka://".length()));
                try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                    ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>(name, bytes(128), bytes(128));
                    bad.headers().add("trace", TRACE);
                    partition = producer.send(bad).get().partition();
                    await().atMost(BOUND).until(() -> !consumer.parkedKeys().isEmpty());
                    for (long number = 129; number < 256; number++) {
                        var unused = producer.send(new ProducerRecord<>(name, bytes(number), bytes(number)));
                    }
                }
                await().atMost(BOUND).until(() -> handled.size() == 127);
                parked = new HashSet<>(consumer.parkedKeys());
            }
            assertThat(parked).hasSize(1);
            assertThat(handled).containsAll(LongStream.range(129, 256).boxed().toList());
            assertForeign(read(name + "-dead", 1).get(0));
            RedriveOptions options =
                    RedriveOptions.builder().idle(Duration.ofSeconds(5)).build();
            assertThat(client.redrive(Queue.of(name + "-dead"), options).join().redriven())
                    .isOne();
            List<ConsumerRecord<byte[], byte[]>> back = read(name, 129);
            assertThat(back)
                    .filteredOn(record -> ByteBuffer.wrap(record.value()).getLong() == 128)
                    .hasSize(2)
                    .allSatisfy(KafkaForeignIT::assertForeign)
                    .allSatisfy(record -> assertThat(record.partition()).isEqualTo(partition));
        }
    }

    private static void assertForeign(ConsumerRecord<byte[], byte[]> record) {
        assertThat(record.key()).isEqualTo(bytes(128));
        assertThat(record.headers().lastHeader("trace").value()).isEqualTo(TRACE);
    }
}
