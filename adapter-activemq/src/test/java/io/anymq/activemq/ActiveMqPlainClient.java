package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.PlainClient;
import io.anymq.tck.PlainMessage;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Browses queues and sends with JMS alone. */
final class ActiveMqPlainClient implements PlainClient {
    private final ActiveMQConnectionFactory factory;

    ActiveMqPlainClient(String address) {
        this.factory = new ActiveMQConnectionFactory("tcp://" + address);
        factory.setWatchTopicAdvisories(false);
    }

    @Override
    public List<PlainMessage> read(String queue, int expected, Duration bound) throws JMSException {
        long end = System.nanoTime() + bound.toNanos();
        List<PlainMessage> found;
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            do {
                found = browse(session, queue);
            } while (found.size() < expected && System.nanoTime() < end);
        }
        return found;
    }

    private static List<PlainMessage> browse(Session session, String queue) throws JMSException {
        List<PlainMessage> found = new ArrayList<>();
        try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                found.add(message((Message) messages.nextElement()));
            }
        }
        return found;
    }

    private static PlainMessage message(Message message) throws JMSException {
        Map<String, String> headers = new HashMap<>();
        Enumeration<?> names = message.getPropertyNames();
        while (names.hasMoreElements()) {
            String name = (String) names.nextElement();
            if (name.startsWith("JMSX") || name.startsWith("__AMQ") || name.equals("scheduledJobId")) {
                continue;
            }
            String value = message.getStringProperty(name);
            if (name.startsWith("mq-u-")) {
                name = name.substring("mq-u-".length());
                value = PropertyText.plain(value);
            }
            headers.put(name.startsWith("mq-h-") ? name.substring("mq-h-".length()) : name, value);
        }
        String id = headers.remove("mq-id");
        String key = headers.remove("mq-key");
        String contentType = headers.remove("mq-content-type");
        headers.remove("mq-deliver-at");
        return new PlainMessage(id, key, body(message), contentType, headers);
    }

    private static byte[] body(Message message) throws JMSException {
        if (message instanceof TextMessage text) {
            return text.getText().getBytes(UTF_8);
        }
        BytesMessage bytes = (BytesMessage) message;
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return body;
    }

    @Override
    public void send(String queue, PlainMessage message) throws JMSException {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            BytesMessage out = session.createBytesMessage();
            out.writeBytes(message.body());
            for (Map.Entry<String, String> header : message.headers().entrySet()) {
                out.setStringProperty(header.getKey(), header.getValue());
            }
            if (message.id() != null) {
                out.setStringProperty("mq-id", message.id());
            }
            if (message.key() != null) {
                out.setStringProperty("mq-key", message.key());
                out.setStringProperty("JMSXGroupID", KeyGroups.group(io.anymq.policy.Ordering.PER_KEY, message.key()));
            }
            if (message.contentType() != null) {
                out.setStringProperty("mq-content-type", message.contentType());
            }
            producer.send(out);
        }
    }
}
