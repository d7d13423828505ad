package io.anymq.brokers;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The vendor's plain client, with every wait bounded. */
final class PlainRabbitMq {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private PlainRabbitMq() {}

    private static Connection connect(String address, Duration limit) throws IOException, TimeoutException {
        int colon = address.lastIndexOf(':');
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.substring(0, colon));
        factory.setPort(Integer.parseInt(address.substring(colon + 1)));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout((int) limit.toMillis());
        factory.setHandshakeTimeout((int) limit.toMillis());
        return factory.newConnection();
    }

    /** Returns once the message is confirmed. */
    static void send(String address, String queue, String body) throws Exception {
        try (Connection connection = connect(address, LIMIT);
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.confirmSelect();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body.getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(LIMIT.toMillis());
        }
    }

    /** The first message, or nothing if there is none at this moment. */
    static String read(String address, String queue) throws Exception {
        try (Connection connection = connect(address, LIMIT);
                Channel channel = connection.createChannel()) {
            GetResponse found = channel.basicGet(queue, true);
            return found == null ? "" : new String(found.getBody(), StandardCharsets.UTF_8);
        }
    }

    static boolean answersWithin(String address, Duration limit) {
        try (Connection connection = connect(address, limit)) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }
}
