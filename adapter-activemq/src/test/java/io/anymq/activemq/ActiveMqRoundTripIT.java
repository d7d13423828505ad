package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.Topic;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.PlainClient;
import io.anymq.tck.brokers.RoundTripContract;
import io.anymq.tck.direct.SpiContext;
import jakarta.jms.Connection;
import jakarta.jms.MapMessage;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.activemq.command.ActiveMQMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Together with plain JMS clients, on queues that were there before. */
class ActiveMqRoundTripIT extends RoundTripContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.ACTIVEMQ, Map.of()), new Setup(BrokerKind.ARTEMIS, Map.of()));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    @Override
    protected PlainClient plain(LocalBroker broker) {
        return new ActiveMqPlainClient(broker.bootstrap(), broker.kind() == BrokerKind.ARTEMIS);
    }

    @Override
    protected Class<?> nativeMessage() {
        return jakarta.jms.Message.class;
    }

    @Override
    protected Map<String, String> reservedHeaders() {
        return Map.of("JMSXGroupID", "mine", "AMQ_SCHEDULED_DELAY", "60000", "_AMQ_x", "y", "emoji", "👩‍🚀");
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void anyMqReadsWhatAPlainClientSentToItsOwnQueue(BrokerKind kind) throws Exception {
        String name = SpiContext.uniqueName("from-plain");
        try (MessagingClient client = MessagingClient.builder()
                        .set("anymq.url", SharedBroker.of(kind).url())
                        .set("anymq.provision", "none")
                        .open();
                Connection connection = SharedBroker.plain(SharedBroker.of(kind));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(name))) {
            TextMessage text = session.createTextMessage("hello");
            text.setStringProperty("JMSXGroupID", "customer-7");
            text.setIntProperty("number", 42);
            producer.send(text);
            String nativeId = text.getJMSMessageID();
            ConcurrentLinkedQueue<Delivery<String>> got = new ConcurrentLinkedQueue<>();
            try (Consumer consumer =
                    client.consumer(Queue.of(name), String.class).start(got::add)) {
                await().atMost(BOUND).until(() -> got.size() == 1);
                Delivery<String> delivery = got.element();
                assertThat(delivery.body()).isEqualTo("hello");
                assertThat(delivery.id()).isEqualTo(nativeId);
                assertThat(delivery.key()).isEqualTo("customer-7");
                assertThat(delivery.headers()).containsEntry("number", "42");
                assertThat(delivery.unwrap(jakarta.jms.Message.class)).isPresent();
                assertThat(consumer.unwrap(Connection.class)).isPresent();
            }
            assertThat(client.unwrap(Connection.class)).isPresent();
            assertThat(client.health(BOUND).status()).isEqualTo(Health.Status.UP);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void aPlainClientPublishesToATopicOfAnyMq(BrokerKind kind) throws Exception {
        Topic topic = Topic.of(SpiContext.uniqueName("events"));
        ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
        try (MessagingClient client = SharedBroker.client(kind);
                Consumer consumer = client.consumer(topic.subscription("billing"), String.class)
                        .start(delivery -> got.add(delivery.body()));
                Connection connection = SharedBroker.plain(SharedBroker.of(kind));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer =
                        session.createProducer(session.createTopic("VirtualTopic." + topic.name()))) {
            producer.send(session.createTextMessage("published"));
            await().atMost(BOUND).until(() -> got.size() == 1);
            assertThat(got).containsExactly("published");
            assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void aKeyKeepsToOneOfTheSendingConnectionsAndTotalOrderToTheFirst(BrokerKind kind) throws Exception {
        Map<String, Set<String>> perKey = connectionsOfKeys(kind, Queue.of(SpiContext.uniqueName("shares")));
        assertThat(perKey)
                .hasSize(20)
                .allSatisfy((key, connections) -> assertThat(connections).hasSize(1));
        assertThat(all(perKey)).hasSize(2);

        Queue inTotalOrder = Queue.of(SpiContext.uniqueName("total")).totalOrder();
        assertThat(all(connectionsOfKeys(kind, inTotalOrder))).hasSize(1);
    }

    private static Set<String> all(Map<String, Set<String>> perKey) {
        return perKey.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** The connections on which the broker received the messages of each key. */
    private static Map<String, Set<String>> connectionsOfKeys(BrokerKind kind, Queue queue) throws Exception {
        int messages = 200;
        Map<String, Set<String>> connections = new HashMap<>();
        try (MessagingClient client = MessagingClient.builder()
                        .set("anymq.url", SharedBroker.of(kind).url())
                        .set("anymq.activemq.send-connections", "2")
                        .open();
                Connection connection = SharedBroker.plain(SharedBroker.of(kind));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            Producer<String> producer = client.producer(queue, String.class);
            List<CompletableFuture<Receipt>> sends = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                sends.add(producer.send(Message.of("x").withKey("k" + i % 20)));
            }
            for (CompletableFuture<Receipt> send : sends) {
                send.get(20, TimeUnit.SECONDS);
            }
            MessageConsumer consumer = session.createConsumer(session.createQueue(queue.name()));
            for (int i = 0; i < messages; i++) {
                ActiveMQMessage received = (ActiveMQMessage) consumer.receive(BOUND.toMillis());
                connections
                        .computeIfAbsent(received.getStringProperty("mq-key"), key -> new HashSet<>())
                        .add(received.getProducerId().getConnectionId());
            }
        }
        return connections;
    }

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void objectsMapsAndStreamsAreNoText(BrokerKind kind) throws Exception {
        String name = SpiContext.uniqueName("objects");
        try (MessagingClient client = SharedBroker.client(kind);
                Connection connection = SharedBroker.plain(SharedBroker.of(kind));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            ConcurrentLinkedQueue<String> got = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<String> dead = new ConcurrentLinkedQueue<>();
            try (Consumer consumer =
                            client.consumer(Queue.of(name), String.class).start(delivery -> got.add(delivery.body()));
                    Consumer letters = client.consumer(Queue.of(name + "-dead"), byte[].class)
                            .start(letter -> dead.add(letter.deadLetter()
                                            .map(info -> info.reason().name())
                                            .orElse("")
                                    + " " + letter.contentType()))) {
                MessageProducer producer = session.createProducer(session.createQueue(name));
                producer.send(session.createObjectMessage(java.time.Instant.EPOCH));
                MapMessage map = session.createMapMessage();
                map.setString("name", "value");
                producer.send(map);
                StreamMessage stream = session.createStreamMessage();
                stream.writeString("value");
                producer.send(stream);
                producer.send(session.createTextMessage("after"));
                await().atMost(BOUND).until(() -> got.contains("after") && dead.size() == 3);
                assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
                assertThat(letters.health().status()).isEqualTo(Health.Status.UP);
            }
            assertThat(got).containsExactly("after");
            assertThat(dead)
                    .containsExactlyInAnyOrder(
                            "UNDECODABLE application/x-java-serialized-object",
                            "UNDECODABLE application/x-jms-map-message",
                            "UNDECODABLE application/x-jms-stream-message");
        }
    }
}
