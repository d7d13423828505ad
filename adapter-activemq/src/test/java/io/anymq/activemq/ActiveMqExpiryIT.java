package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.DeadLetterReason;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.tck.direct.SpiContext;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A time to live that another program gave a message, and that ends while the message waits for its turn. */
class ActiveMqExpiryIT {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final long TIME_TO_LIVE_MILLIS = 3_000;

    private final Queue queue = Queue.of(SpiContext.uniqueName("expiry")).unordered();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final Map<String, DeadLetterReason> dead = new ConcurrentHashMap<>();
    private final AtomicLong expiresAt = new AtomicLong();

    @ParameterizedTest
    @EnumSource(names = {"ACTIVEMQ", "ARTEMIS"})
    void whatExpiresBehindASlowHandlerIsNotHandled(BrokerKind kind) throws Exception {
        try (MessagingClient client = SharedBroker.client(kind)) {
            client.consumer(Queue.of(queue.name() + "-dead"), String.class)
                    .start(letter -> dead.put(
                            letter.body(), letter.deadLetter().orElseThrow().reason()));
            client.consumer(queue, String.class).concurrency(1).start(delivery -> {
                if (delivery.body().equals("slow")) {
                    await().atMost(BOUND)
                            .until(() -> expiresAt.get() > 0 && System.currentTimeMillis() > expiresAt.get());
                }
                handled.add(delivery.body());
            });
            sendToBeSlow(kind);
            await().atMost(BOUND).until(() -> handled.contains("last") && !dead.isEmpty());
            assertThat(handled).containsExactly("slow", "last");
            assertThat(dead).containsExactly(Map.entry("short-lived", DeadLetterReason.EXPIRED));
        }
    }

    private void sendToBeSlow(BrokerKind kind) throws Exception {
        String url = "tcp://" + SharedBroker.of(kind).bootstrap();
        try (Connection connection = new ActiveMQConnectionFactory(url).createConnection()) {
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue(queue.name()));
            producer.send(session.createTextMessage("slow"));
            producer.setTimeToLive(TIME_TO_LIVE_MILLIS);
            TextMessage shortLived = session.createTextMessage("short-lived");
            producer.send(shortLived);
            producer.setTimeToLive(0);
            producer.send(session.createTextMessage("last"));
            expiresAt.set(shortLived.getJMSExpiration());
        }
    }
}
