package io.anymq.activemq;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.brokers.LocalBroker;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.Mutations;
import io.anymq.tck.brokers.StoredMessagesContract;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQMapMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQObjectMessage;
import org.apache.activemq.command.ActiveMQStreamMessage;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/** Messages of OpenWire. Artemis reads what it is sent, and some of it without an end: it gets no broken content. */
final class ActiveMqMutable implements MutableMessages<ActiveMqMutable.Stored> {
    /**
     * Not those with which a server keeps a message back, such as {@code AMQ_SCHEDULED_DELAY}, or {@code JMSXGroupSeq} and
     * {@code JMSXDeliveryCount}, with which Artemis gives it to no client if it is no number.
     */
    private static final List<String> NAMES = List.of(
            "JMSXAppID",
            "JMSXUserID",
            "JMS_x",
            "_AMQ_x",
            "__AMQ_CID",
            "HDR_x",
            "NATIVE_x",
            "dlqDeliveryFailureCause",
            "originalExpiration",
            "redeliveryDelay",
            "mq-u-x",
            "mq-h-x",
            "mq-u-mq-h-JMSType",
            "mq-h-mq-id",
            "mq-u-mq-key");

    /** One message, and what JMS takes with the send. */
    record Stored(ActiveMQMessage message, int priority, boolean persistent, boolean ownTime) {
        Stored with(ActiveMQMessage other) {
            return new Stored(other, priority, persistent, ownTime);
        }
    }

    private static final long AFTER_THE_LAST_MILLIS = 200;

    private final LocalBroker broker;
    private final ActiveMqPlainClient plain;
    private final boolean artemis;
    private @Nullable Connection connection;
    private @Nullable Session session;

    ActiveMqMutable(LocalBroker broker, ActiveMqPlainClient plain, boolean artemis) {
        this.broker = broker;
        this.plain = plain;
        this.artemis = artemis;
    }

    @Override
    public List<Stored> read(String queue) throws JMSException {
        List<Stored> all = new ArrayList<>();
        for (ActiveMQMessage message : plain.readRaw(queue)) {
            all.add(new Stored(message, 4, true, false));
        }
        return all;
    }

    @Override
    public Stored mutated(Stored original, Mutations by) {
        try {
            Stored mutated = original.with(copy(original.message));
            for (int i = by.below(3); i >= 0; i--) {
                mutated = changed(mutated, by);
            }
            return mutated;
        } catch (JMSException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ActiveMQMessage copy(ActiveMQMessage of) {
        ActiveMQMessage copy = (ActiveMQMessage) of.copy();
        copy.setReadOnlyProperties(false);
        copy.setReadOnlyBody(false);
        return copy;
    }

    private Stored changed(Stored of, Mutations by) throws JMSException, IOException {
        ActiveMQMessage message = of.message;
        switch (by.below(artemis ? 8 : 12)) {
            case 0 -> property(message, by);
            case 1 -> message.setJMSType(by.text("order.created"));
            case 2 -> message.setJMSCorrelationID(by.text("call 7"));
            case 3 -> {
                message.setGroupID(by.below(3) == 0 ? null : by.text(String.valueOf(message.getGroupID())));
                message.setGroupSequence(by.any(0, 1, Integer.MAX_VALUE));
            }
            case 4 -> {
                return new Stored(message, by.any(0, 1, 9), by.below(2) == 0, of.ownTime);
            }
            case 5 -> {
                message.setJMSTimestamp(by.number());
                return new Stored(message, of.priority, of.persistent, true);
            }
            case 6 -> {
                if (by.below(2) == 0) {
                    message.setReplyTo(
                            ActiveMQDestination.createDestination("a" + by.below(9), ActiveMQDestination.QUEUE_TYPE));
                }
                message.setUserID(by.text("user"));
                message.setRedeliveryCounter(by.any(0, 1, 7));
            }
            case 7 -> property(message, by);
            case 8 -> {
                return of.with(retyped(message, by));
            }
            case 9 -> message.setCompressed(!message.isCompressed());
            default -> {
                ByteSequence content = message.getContent();
                byte[] bytes = by.bytes(content == null ? new byte[0] : content.toArray());
                ActiveMQMessage broken = empty(message.getDataStructureType(), message);
                broken.setContent(new ByteSequence(bytes));
                return of.with(broken);
            }
        }
        return of;
    }

    /** The same content as another type of JMS. */
    private static ActiveMQMessage retyped(ActiveMQMessage message, Mutations by) {
        ActiveMQMessage other = by.any(
                new ActiveMQTextMessage(),
                new ActiveMQBytesMessage(),
                new ActiveMQMapMessage(),
                new ActiveMQStreamMessage(),
                new ActiveMQObjectMessage(),
                new ActiveMQMessage());
        return filled(other, message);
    }

    /** Of the same type, so that nothing that was decoded before is written again. */
    private static ActiveMQMessage empty(byte type, ActiveMQMessage like) {
        ActiveMQMessage other =
                switch (type) {
                    case ActiveMQTextMessage.DATA_STRUCTURE_TYPE -> new ActiveMQTextMessage();
                    case ActiveMQBytesMessage.DATA_STRUCTURE_TYPE -> new ActiveMQBytesMessage();
                    case ActiveMQMapMessage.DATA_STRUCTURE_TYPE -> new ActiveMQMapMessage();
                    case ActiveMQStreamMessage.DATA_STRUCTURE_TYPE -> new ActiveMQStreamMessage();
                    case ActiveMQObjectMessage.DATA_STRUCTURE_TYPE -> new ActiveMQObjectMessage();
                    default -> new ActiveMQMessage();
                };
        return filled(other, like);
    }

    private static ActiveMQMessage filled(ActiveMQMessage other, ActiveMQMessage like) {
        try {
            for (Map.Entry<String, Object> property : like.getProperties().entrySet()) {
                other.setProperty(property.getKey(), property.getValue());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        other.setContent(like.getContent());
        other.setCompressed(like.isCompressed());
        other.setGroupID(like.getGroupID());
        other.setType(like.getType());
        other.setCorrelationId(like.getCorrelationId());
        other.setReplyTo(like.getReplyTo());
        return other;
    }

    private void property(ActiveMQMessage message, Mutations by) throws IOException, JMSException {
        List<String> names = new ArrayList<>(message.getProperties().keySet());
        int choice = by.below(4);
        if (choice == 0 && !names.isEmpty()) {
            message.removeProperty(by.any(names));
        } else {
            String name = choice == 1 || names.isEmpty() ? by.name(NAMES) : by.any(names);
            message.setProperty(name, value(by));
        }
    }

    private Object value(Mutations by) {
        long number = by.number();
        return switch (by.below(artemis ? 9 : 12)) {
            case 0 -> number;
            case 1 -> (int) number;
            case 2 -> (short) number;
            case 3 -> (byte) number;
            case 4 -> by.any(Double.NaN, 0.1, Double.NEGATIVE_INFINITY);
            case 5 -> by.any(Float.NaN, 1.5f);
            case 6 -> true;
            case 7 -> "x".repeat(by.any(1_000, 70_000));
            case 9 -> List.of(1, "a", List.of(true));
            case 10 -> Map.of("x", 1, "y", Map.of("z", "deep"));
            case 11 -> by.bytes("some bytes".getBytes(UTF_8));
            default -> by.text("");
        };
    }

    @Override
    public Stored numbered(Stored of, int number) {
        try {
            of.message.setProperty(StoredMessagesContract.NUMBER, Integer.toString(number));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return of;
    }

    @Override
    public boolean store(String queue, Stored message) throws JMSException {
        Session open = session();
        try (MessageProducer producer = open.createProducer(open.createQueue(queue))) {
            producer.setDisableMessageTimestamp(message.ownTime);
            producer.send(
                    message.message,
                    message.persistent ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
                    message.priority,
                    0);
            return true;
        } catch (JMSException | RuntimeException e) {
            close();
            return false;
        }
    }

    private Session session() throws JMSException {
        Session open = session;
        if (open == null) {
            connection = SharedBroker.plain(broker);
            open = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            session = open;
        }
        return open;
    }

    /** A browser of Classic sees no more than a page, so they are taken out. */
    @Override
    public int held(String queue, int expected, Duration bound) throws JMSException {
        long end = System.nanoTime() + bound.toNanos();
        int held = 0;
        try (Connection other = SharedBroker.plain(broker);
                Session taking = other.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageConsumer consumer = taking.createConsumer(taking.createQueue(queue))) {
            while (consumer.receive(held < expected ? Math.max(1, millisUntil(end)) : AFTER_THE_LAST_MILLIS) != null) {
                held++;
            }
        }
        return held;
    }

    private static long millisUntil(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    @Override
    public String described(Stored message) {
        ByteSequence content = message.message.getContent();
        String text = message.message.toString();
        return text.substring(0, Math.min(text.length(), 3_000)) + ", content "
                + (content == null ? "null" : Arrays.toString(Arrays.copyOf(content.toArray(), 40)));
    }

    @Override
    public void close() {
        try {
            Connection open = connection;
            connection = null;
            session = null;
            if (open != null) {
                open.close();
            }
        } catch (JMSException e) {
            throw new IllegalStateException("cannot close the vendor's client", e);
        }
    }
}
