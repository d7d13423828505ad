package io.anymq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.ProvisionerContract;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaProvisionerIT extends ProvisionerContract {
    private static final Map<String, String> SETTINGS =
            Map.of(KafkaConfig.PARTITIONS, "5", "topic.retention.ms", "1234567", KafkaConfig.MAX_MESSAGE, "3000000");

    private KafkaConnection connection;
    private Admin admin;
    private String name;

    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.KAFKA, SETTINGS));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return KafkaConnection.open(context);
    }

    @Override
    protected void delete(Setup setup, Address address) throws Exception {
        String topic = KafkaNames.topic(address);
        admin.deleteTopics(List.of(topic)).all().get();
        await().until(() -> !admin.listTopics().names().get().contains(topic));
    }

    @BeforeEach
    void open() {
        connection = SharedBroker.connect(SETTINGS);
        admin = SharedBroker.admin();
        name = SpiContext.uniqueName("provision");
    }

    @AfterEach
    void close() {
        connection.close(Duration.ofSeconds(5));
        admin.close();
    }

    private int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    private Config settings(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }

    @Test
    void topicsAreCreatedAsConfigured() throws Exception {
        Queue queue = Queue.of(name);
        connection.provision(new Address.OfQueue(queue), ProvisionMode.CREATE);
        assertThat(partitions(name)).isEqualTo(5);
        assertThat(settings(name).get("retention.ms").value()).isEqualTo("1234567");
        assertThat(settings(name).get("max.message.bytes").value()).isEqualTo("3000000");
        for (String dead : List.of(name + "-dead", name + "-dead-dead")) {
            connection.provision(new Address.OfQueue(Queue.of(dead)), ProvisionMode.CREATE);
        }
        assertThat(settings(name + "-dead").get("max.message.bytes").value())
                .as("room for what a dead letter says")
                .isEqualTo("3065536");
        assertThat(settings(name + "-dead-dead").get("max.message.bytes").value())
                .isEqualTo("3131072");
        Address.Redelivery redelivery = new Address.Redelivery(queue, 16);
        connection.provision(redelivery, ProvisionMode.CREATE);
        assertThat(partitions(KafkaNames.topic(redelivery))).isEqualTo(16);
        assertThat(settings(KafkaNames.topic(redelivery)).get("retention.ms").value())
                .isEqualTo("604800000");
    }

    @Test
    void totalOrderHasOnePartitionAndRefusesMore() throws Exception {
        Address one = new Address.OfQueue(Queue.of(name).totalOrder());
        connection.provision(one, ProvisionMode.CREATE);
        assertThat(partitions(name)).isEqualTo(1);
        admin.createTopics(List.of(new NewTopic(name + "-two", Optional.of(2), Optional.empty())))
                .all()
                .get();
        Address two = new Address.OfQueue(Queue.of(name + "-two").totalOrder());
        fails(ErrorCode.MISMATCH, "has 2", () -> connection.provision(two, ProvisionMode.CREATE));
        fails(ErrorCode.MISMATCH, "has 2", () -> connection.provision(two, ProvisionMode.VALIDATE));
        fails(
                ErrorCode.MISMATCH,
                "has 2",
                () -> connection.openSender(two, new SenderOptions(10, Duration.ofSeconds(5))));
    }

    @Test
    void anImpossibleTopicIsRefusedWithTheBrokersReason() {
        KafkaConnection demanding = SharedBroker.connect(Map.of(KafkaConfig.REPLICATION_FACTOR, "7"));
        fails(
                ErrorCode.UNSUPPORTED,
                "eplication factor",
                () -> demanding.provision(new Address.OfQueue(Queue.of(name)), ProvisionMode.CREATE));
        demanding.close(Duration.ofSeconds(5));
    }

    @Test
    void aTopicMadeElsewhereIsDeclaredByTheFirstThatMayCreate() throws Exception {
        admin.createTopics(List.of(new NewTopic(name, Optional.of(2), Optional.empty())))
                .all()
                .get();
        Address perKey = new Address.OfQueue(Queue.of(name));
        Address unordered = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(unordered, ProvisionMode.VALIDATE);
        connection.provision(perKey, ProvisionMode.VALIDATE);
        connection.provision(perKey, ProvisionMode.CREATE);
        fails(
                ErrorCode.MISMATCH,
                "declared by client '",
                () -> connection.provision(unordered, ProvisionMode.VALIDATE));
        assertThat(partitions(name)).isEqualTo(2);
        assertThat(partitions(KafkaDeclarations.TOPIC)).isEqualTo(1);
        assertThat(settings(KafkaDeclarations.TOPIC).get("cleanup.policy").value())
                .isEqualTo("compact");
    }

    /** As its page says: a record without a value under the key. */
    @Test
    void anOperatorRemovesADeclaration() throws Exception {
        Address perKey = new Address.OfQueue(Queue.of(name));
        Address unordered = new Address.OfQueue(Queue.of(name).unordered());
        connection.provision(perKey, ProvisionMode.CREATE);
        KafkaPlainClient plain =
                new KafkaPlainClient(SharedBrokers.of(BrokerKind.KAFKA).bootstrap());
        List<byte[]> keys = plain.records(KafkaDeclarations.TOPIC).stream()
                .map(ConsumerRecord::key)
                .filter(key -> new String(key, UTF_8).startsWith(name + "/"))
                .toList();
        assertThat(keys).hasSize(1);
        plain.send(new ProducerRecord<>(KafkaDeclarations.TOPIC, keys.get(0), null));
        KafkaConnection later = SharedBroker.connect(SETTINGS);
        later.provision(unordered, ProvisionMode.CREATE);
        fails(ErrorCode.MISMATCH, "UNORDERED", () -> later.provision(perKey, ProvisionMode.CREATE));
        later.close(Duration.ofSeconds(5));
    }

    @Test
    void namesThatDifferInDotAndUnderscoreOnlyDoNotCollide() {
        for (String[] pair : new String[][] {{name + "_a", "b"}, {name, "a_b"}}) {
            Address.OfSubscription subscription =
                    new Address.OfSubscription(Topic.of(pair[0]).subscription(pair[1]));
            connection.provision(subscription, ProvisionMode.CREATE);
            connection.provision(new Address.Redelivery(subscription.subscription(), 2), ProvisionMode.CREATE);
        }
    }
}
