package io.anymq.brokers;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.time.Duration;
import org.apache.activemq.ActiveMQConnectionFactory;

/** The vendor's plain client, with every wait bounded. */
final class PlainOpenWire {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private PlainOpenWire() {}

    private static Connection connect(String address) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory("tcp://" + address).createConnection();
        connection.start();
        return connection;
    }

    /** Returns once the broker has stored it. */
    static void send(String address, String queue, String text) throws JMSException {
        try (Connection connection = connect(address);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(session.createTextMessage(text));
        }
    }

    /** The first message, or nothing if none comes in time. */
    static String receive(String address, String queue) throws JMSException {
        try (Connection connection = connect(address);
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            Message found = consumer.receive(LIMIT.toMillis());
            return found == null ? "" : found.getBody(String.class);
        }
    }
}
