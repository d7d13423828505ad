package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.tck.PlainMessage;
import io.anymq.tck.PlainPlaces;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.command.ActiveMQMessage;

/** Browses queues and sends with JMS alone. */
final class ActiveMqPlainClient implements PlainPlaces {
    /** Between two looks, so that browsing does not keep the broker busy. */
    private static final long PACE_NANOS = 20_000_000;

    private final ActiveMQConnectionFactory factory;
    private final boolean artemis;

    ActiveMqPlainClient(String address, boolean artemis) {
        this.artemis = artemis;
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
            found = browse(session, queue);
            while (found.size() < expected && System.nanoTime() < end) {
                LockSupport.parkNanos(PACE_NANOS);
                found = browse(session, queue);
            }
        }
        return found;
    }

    private static List<PlainMessage> browse(Session session, String queue) throws JMSException {
        List<PlainMessage> found = new ArrayList<>();
        for (ActiveMQMessage message : browseRaw(session, queue)) {
            found.add(message(message));
        }
        return found;
    }

    private static List<ActiveMQMessage> browseRaw(Session session, String queue) throws JMSException {
        List<ActiveMQMessage> found = new ArrayList<>();
        try (QueueBrowser browser = session.createBrowser(session.createQueue(queue))) {
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                found.add((ActiveMQMessage) messages.nextElement());
            }
        }
        return found;
    }

    /** Everything in a queue, as it travels. */
    List<ActiveMQMessage> readRaw(String queue) throws JMSException {
        List<ActiveMQMessage> found = new ArrayList<>();
        inSession(session -> found.addAll(browseRaw(session, queue)));
        return found;
    }

    /** A message whose content is set already. */
    void sendRaw(String queue, String key, ActiveMQMessage message) throws Exception {
        // not by JMS's methods, which look into the content first
        message.setProperty("mq-key", key);
        message.setGroupID(KeyGroups.group(io.anymq.policy.Ordering.PER_KEY, key));
        inSession(session -> {
            try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
                producer.send(message);
            }
        });
    }

    /** One that JMS makes, sent with this priority and time to live. */
    void send(String queue, Making making, int priority, long timeToLive) throws JMSException {
        inSession(session -> {
            try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
                producer.send(making.make(session), DeliveryMode.PERSISTENT, priority, timeToLive);
            }
        });
    }

    interface Making {
        Message make(Session session) throws JMSException;
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
            return text.getText() == null ? new byte[0] : text.getText().getBytes(UTF_8);
        }
        if (!(message instanceof BytesMessage bytes)) {
            return StoredBody.stored((ActiveMQMessage) message);
        }
        byte[] body = new byte[(int) bytes.getBodyLength()];
        bytes.readBytes(body);
        return body;
    }

    @Override
    public String impossibleName() {
        return "orders.>";
    }

    private interface Work {
        void run(Session session) throws JMSException;
    }

    private void inSession(Work work) throws JMSException {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            connection.start();
            work.run(session);
        }
    }

    /** Classic creates what is consumed from; Artemis would forget it with its last consumer. */
    @Override
    public String createQueue(String word) throws JMSException {
        String name = name(word);
        inSession(session -> {
            if (artemis) {
                createArtemisQueue(session, name, name, "ANYCAST");
            } else {
                session.createConsumer(session.createQueue(name)).close();
            }
        });
        return name;
    }

    @Override
    public String createTopic(String word) throws JMSException {
        String name = artemis ? name(word) : "VirtualTopic." + name(word);
        inSession(session -> {
            if (artemis) {
                manage(session, "createAddress", "[\"" + name + "\",\"MULTICAST\"]");
            } else {
                session.createConsumer(session.createTopic(name)).close();
            }
        });
        return name;
    }

    @Override
    public String createSubscription(String topic, String word) throws JMSException {
        String name = artemis ? name(word) : "Consumer." + word + "." + topic;
        inSession(session -> {
            if (artemis) {
                createArtemisQueue(session, topic, name, "MULTICAST");
            } else {
                session.createConsumer(session.createQueue(name)).close();
            }
        });
        return name;
    }

    private static void createArtemisQueue(Session session, String address, String name, String routing)
            throws JMSException {
        manage(
                session,
                "createQueue",
                "[\"{\\\"name\\\":\\\"" + name + "\\\",\\\"address\\\":\\\"" + address
                        + "\\\",\\\"routing-type\\\":\\\"" + routing
                        + "\\\",\\\"durable\\\":true,\\\"auto-delete\\\":false,\\\"auto-create-address\\\":true}\",true]");
    }

    /** The answer of Artemis to a management operation. */
    static String manage(Session session, String operation, String parameters) throws JMSException {
        TemporaryQueue replies = session.createTemporaryQueue();
        TextMessage request = session.createTextMessage(parameters);
        request.setStringProperty("_AMQ_ResourceName", "broker");
        request.setStringProperty("_AMQ_OperationName", operation);
        request.setJMSReplyTo(replies);
        try (MessageConsumer answers = session.createConsumer(replies);
                MessageProducer requests = session.createProducer(session.createTopic("activemq.management"))) {
            requests.send(request);
            if (answers.receive(10_000) instanceof TextMessage answer) {
                return answer.getText();
            }
            throw new JMSException("Artemis did not answer " + operation);
        }
    }

    @Override
    public void publish(String topic, PlainMessage message) throws JMSException {
        inSession(session -> send(session, session.createTopic(topic), message));
    }

    @Override
    public List<PlainMessage> readSubscription(String topic, String name, int expected, Duration bound)
            throws JMSException {
        return read(artemis ? topic + "::" + name : name, expected, bound);
    }

    private static void send(Session session, Destination destination, PlainMessage message) throws JMSException {
        try (MessageProducer producer = session.createProducer(destination)) {
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

    @Override
    public void send(String queue, PlainMessage message) throws JMSException {
        inSession(session -> send(session, session.createQueue(queue), message));
    }
}
