package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What monitoring and autoscalers see as lag, where producers use transactions: nothing once all is handled. */
class KafkaLagIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Queue queue = Queue.of(SpiContext.uniqueName("lag"));
    private final TopicPartition partition = new TopicPartition(queue.name(), 0);
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private Admin admin;
    private MessagingClient client;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void open() {
        admin = SharedBroker.admin();
        client = client();
        client.provision(queue);
        producer = SharedBroker.transactionalProducer(queue.name());
        producer.initTransactions();
    }

    @AfterEach
    void close() {
        producer.close();
        client.close();
        admin.close();
    }

    private static MessagingClient client() {
        return MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.kafka.partitions", "1")
                .open();
    }

    private void start() {
        client.consumer(queue, String.class).start(delivery -> handled.add(delivery.body()));
    }

    private void transaction(String body, int records, boolean commit) {
        producer.beginTransaction();
        for (int i = 0; i < records; i++) {
            var unused = producer.send(new ProducerRecord<>(queue.name(), "k", body));
        }
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private void noLag() {
        await().atMost(BOUND).untilAsserted(() -> {
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            OffsetAndMetadata committed = admin.listConsumerGroupOffsets("anymq.queue." + queue.name())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            assertThat(committed).isNotNull();
            assertThat(committed.offset()).isEqualTo(end);
        });
    }

    @Test
    void markersAndAbortedRecordsArePassed() {
        start();
        transaction("one", 1, true);
        noLag();
        assertThat(handled).isEqualTo(Set.of("one"));
        transaction("aborted", 1_000, false);
        noLag();
        transaction("two", 1, true);
        noLag();
        assertThat(handled).isEqualTo(Set.of("one", "two"));
    }

    @Test
    void alsoThoseThatCameWhileThereWasNoConsumer() {
        start();
        transaction("one", 1, true);
        noLag();
        client.close();
        transaction("aborted", 10, false);
        client = client();
        start();
        noLag();
        transaction("two", 1, true);
        await().atMost(BOUND).untilAsserted(() -> assertThat(handled).isEqualTo(Set.of("one", "two")));
    }

    @Test
    void alsoWhereNothingWasEverHandled() {
        transaction("aborted", 10, false);
        start();
        noLag();
        transaction("one", 1, true);
        await().atMost(BOUND).untilAsserted(() -> assertThat(handled).isEqualTo(Set.of("one")));
    }
}
