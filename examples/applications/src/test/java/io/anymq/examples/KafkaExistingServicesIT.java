package io.anymq.examples;

import static org.awaitility.Awaitility.await;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Services on topics of Kafka that are not AnyMQ's. */
class KafkaExistingServicesIT extends ExistingServices {
    private static final String ORDERS = "shop.orders.v1";
    private static final String INVOICES = "shop.invoices.v1";

    KafkaExistingServicesIT() {
        super(BrokerKind.KAFKA);
    }

    @Override
    Others others(LocalBroker broker) throws Exception {
        return new Services(broker.bootstrap());
    }

    private static final class Services implements Others {
        private final String bootstrap;
        private final KafkaProducer<String, String> producer;
        private final KafkaConsumer<String, String> shipping;
        private final KafkaConsumer<String, String> ledger;

        Services(String bootstrap) throws Exception {
            this.bootstrap = bootstrap;
            create(Map.of(ORDERS, 3, INVOICES, 3));
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer());
            shipping = consumer("shipping", ORDERS);
            ledger = consumer("ledger", INVOICES);
            place("an old order");
            orders(1);
            try (KafkaConsumer<String, String> replaced = consumer("billing-service", ORDERS)) {
                receive(replaced, 1);
                replaced.commitSync();
            }
        }

        private void create(Map<String, Integer> topics) throws Exception {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
                admin.createTopics(topics.entrySet().stream()
                                .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), (short) 1))
                                .toList())
                        .all()
                        .get();
            }
        }

        private KafkaConsumer<String, String> consumer(String group, String topic) {
            KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap, "group.id", group, "auto.offset.reset", "earliest"),
                    new StringDeserializer(),
                    new StringDeserializer());
            consumer.subscribe(List.of(topic));
            return consumer;
        }

        @Override
        public void prepare() throws Exception {
            create(Map.of("anymq.redelivery.sub.6.orders.billing", 16, "orders-billing-dead", 3));
        }

        @Override
        public void place(String order) throws Exception {
            producer.send(new ProducerRecord<>(ORDERS, order)).get();
        }

        @Override
        public List<String> orders(int count) {
            return receive(shipping, count);
        }

        @Override
        public List<String> invoices(int count) {
            return receive(ledger, count);
        }

        private static List<String> receive(KafkaConsumer<String, String> consumer, int count) {
            List<String> received = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).pollInSameThread().until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> received.add(record.value()));
                return received.size() >= count;
            });
            return received;
        }

        @Override
        public void close() {
            Stream.of(producer, shipping, ledger).forEach(client -> {
                try {
                    client.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }
}
