package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic is deleted, and created again under its name: everything that the new one gets is received. */
class KafkaRecreatedTopicIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Queue queue = Queue.of(SpiContext.uniqueName("again"));
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private Admin admin;

    @BeforeEach
    void open() throws Exception {
        admin = SharedBroker.admin();
        create();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private void create() throws Exception {
        await().atMost(BOUND)
                .ignoreExceptionsMatching(failure -> failure.getCause() instanceof TopicExistsException)
                .until(() -> {
                    admin.createTopics(List.of(new NewTopic(queue.name(), 1, (short) 1)))
                            .all()
                            .get();
                    return true;
                });
        await().atMost(BOUND)
                .ignoreExceptions()
                .until(() -> admin.describeTopics(List.of(queue.name()))
                                .allTopicNames()
                                .get()
                                .size()
                        == 1);
    }

    private void createAgain() throws Exception {
        admin.deleteTopics(List.of(queue.name())).all().get();
        create();
    }

    private MessagingClient client(String protocol) {
        return MessagingClient.builder()
                .url(SharedBroker.url())
                .set("anymq.kafka.group-protocol", protocol)
                .open();
    }

    private Consumer start(MessagingClient client) {
        return client.consumer(queue, String.class).start(delivery -> handled.add(delivery.body()));
    }

    private Set<String> send(String prefix, int count) {
        Set<String> bodies = IntStream.range(0, count).mapToObj(i -> prefix + i).collect(Collectors.toSet());
        try (KafkaProducer<String, String> producer = SharedBroker.plainProducer()) {
            for (String body : bodies) {
                var unused = producer.send(new ProducerRecord<>(queue.name(), "k", body));
            }
            producer.flush();
        }
        return bodies;
    }

    private void handles(Set<String> bodies) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(handled).containsAll(bodies));
    }

    @ParameterizedTest
    @CsvSource({"consumer, 150", "consumer, 50", "classic, 150", "classic, 50"})
    void underAConsumer(String protocol, int count) throws Exception {
        try (MessagingClient client = client(protocol)) {
            start(client);
            handles(send("old-", 100));
            createAgain();
            handles(send("new-", count));
            handles(send("newer-", 10));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void betweenTwoConsumers(String protocol) throws Exception {
        try (MessagingClient client = client(protocol)) {
            Consumer consumer = start(client);
            handles(send("old-", 100));
            // its last commit may come to the new topic
            createAgain();
            consumer.close();
        }
        Set<String> sent = send("new-", 150);
        try (MessagingClient client = client(protocol)) {
            start(client);
            handles(sent);
        }
    }
}
