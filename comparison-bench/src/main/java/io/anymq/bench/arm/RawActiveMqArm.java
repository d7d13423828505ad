package io.anymq.bench.arm;

import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;

/**
 * ActiveMQ's own JMS client with the guarantees of the adapter arm: persistent messages in the same message groups, confirmed by
 * the broker, acknowledged individually after the handler has returned; handlers run in key order on as many threads. How it
 * sends is a setting, for Classic and Artemis differ in what is fastest: {@code transactions} of what has come together, or
 * {@code callbacks}, one message after another without waiting; on one connection or on several, each with its share of the
 * groups.
 */
public final class RawActiveMqArm extends RawArm {
    private static final long RECEIVE_MILLIS = 1;
    private static final long PAUSE_NANOS = 100_000;
    private static final String KEY = "key";
    private static final int GROUPS = 256;

    /** One sending connection. */
    interface Sending extends AutoCloseable {
        void send(String key, byte[] payload, Completion end) throws Exception;

        @Override
        void close() throws JMSException;
    }

    private final List<Sending> sending = new ArrayList<>();
    private final ConcurrentLinkedQueue<Message> done = new ConcurrentLinkedQueue<>();

    private static int group(String key) {
        return key.hashCode() & (GROUPS - 1);
    }

    private ActiveMQConnection connect() throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(
                "tcp://" + context().bootstrap() + "?socketBufferSize=" + setting("transport.socketBufferSize"));
        factory.setWatchTopicAdvisories(false);
        // Each message is used once, and only one session of a connection receives.
        factory.setCopyMessageOnSend(false);
        factory.setAlwaysSessionAsync(false);
        factory.getPrefetchPolicy().setQueuePrefetch(number("prefetch"));
        ActiveMQConnection connection = (ActiveMQConnection) factory.createConnection();
        connection.start();
        return connection;
    }

    @Override
    void connect(ArmContext opened) throws JMSException {
        for (int number = 0; number < number("send.connections"); number++) {
            Sending one = setting("sends").equals("callbacks")
                    ? new Callbacks(connect())
                    : new ActiveMqTransactions(this, connect());
            closing(one);
            sending.add(one);
        }
    }

    /** A group stays on its connection: so its messages keep their order. */
    @Override
    void transmit(String key, byte[] payload, Completion end) throws Exception {
        sending.get(group(key) % sending.size()).send(key, payload, end);
    }

    MessageProducer producer(Session session) throws JMSException {
        MessageProducer producer =
                session.createProducer(session.createQueue(context().destination()));
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        return producer;
    }

    static Message message(Session session, String key, byte[] payload) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(payload);
        message.setStringProperty(KEY, key);
        message.setStringProperty("JMSXGroupID", "key-" + group(key));
        return message;
    }

    @Override
    public void subscribe(PayloadHandler handler) throws JMSException {
        ActiveMQConnection connection = connect();
        closing(connection);
        startHandlers(2 * context().maxInFlight());
        Session session = connection.createSession(false, ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE);
        MessageConsumer consumer =
                session.createConsumer(session.createQueue(context().destination()));
        // The only thread that uses the session, as JMS wants it.
        startReceiving(mayTake -> receive(consumer, mayTake, handler));
    }

    private void receive(MessageConsumer consumer, boolean mayTake, PayloadHandler handler) throws JMSException {
        settleLast();
        if (!mayTake) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
            return;
        }
        if (consumer.receive(RECEIVE_MILLIS) instanceof BytesMessage message) {
            byte[] payload = new byte[(int) message.getBodyLength()];
            message.readBytes(payload);
            hand(message.getStringProperty(KEY).hashCode(), () -> {
                handler.handle(payload);
                done.add(message);
            });
        }
    }

    @Override
    void settleLast() throws JMSException {
        for (Message handled = done.poll(); handled != null; handled = done.poll()) {
            handled.acknowledge();
        }
    }

    /** A connection on which message follows message without waiting; used by the one sending thread. */
    private final class Callbacks implements Sending {
        private final ActiveMQConnection connection;
        private final Session session;
        private final ActiveMQMessageProducer producer;

        Callbacks(ActiveMQConnection connection) throws JMSException {
            this.connection = connection;
            session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            producer = (ActiveMQMessageProducer) producer(session);
        }

        @Override
        public void send(String key, byte[] payload, Completion end) throws JMSException {
            producer.send(message(session, key, payload), new AsyncCallback() {
                @Override
                public void onSuccess() {
                    end.ended(null);
                }

                @Override
                public void onException(JMSException failure) {
                    end.ended(failure);
                }
            });
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }
}
