package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.advisory.AdvisorySupport;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTempQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.DestinationInfo;

/** ActiveMQ Classic, which reports its destinations by advisory messages and creates destinations on first use. */
final class ClassicTopology implements Topology {
    private final OpenWireLink link;

    ClassicTopology(OpenWireLink link) {
        this.link = link;
    }

    @Override
    public boolean hasQueue(String name, Deadline deadline) throws JMSException {
        return known(AdvisorySupport.QUEUE_ADVISORY_TOPIC, deadline).contains(new ActiveMQQueue(name));
    }

    @Override
    public boolean hasTopic(String name, Deadline deadline) throws JMSException {
        return known(AdvisorySupport.TOPIC_ADVISORY_TOPIC, deadline).contains(new ActiveMQTopic(name));
    }

    /** A topic is forgotten when the broker restarts; the queues of its subscriptions are not. */
    @Override
    public boolean isInUse(String topic, Deadline deadline) throws JMSException {
        return hasTopic(topic, deadline)
                || known(AdvisorySupport.QUEUE_ADVISORY_TOPIC, deadline).stream()
                        .anyMatch(queue -> queue.getPhysicalName().endsWith("." + topic));
    }

    @Override
    public boolean hasSubscription(String topic, String name, Deadline deadline) throws JMSException {
        return hasQueue(name, deadline);
    }

    @Override
    public void createQueue(String name, Deadline deadline) throws JMSException {
        create(new ActiveMQQueue(name), deadline);
    }

    @Override
    public void createTopic(String name, Deadline deadline) throws JMSException {
        create(new ActiveMQTopic(name), deadline);
    }

    private void create(ActiveMQDestination destination, Deadline deadline) throws JMSException {
        link.request(new DestinationInfo(link.id(), DestinationInfo.ADD_OPERATION_TYPE, destination), deadline.left());
    }

    /**
     * KahaDB remembers a queue from its first message on: an empty one would be gone after a restart of the broker, and
     * what is sent to the topic then would not reach it. So one message goes through a queue that is new.
     */
    @Override
    public void createSubscription(String topic, String name, Deadline deadline) throws JMSException {
        createTopic(topic, deadline);
        if (hasQueue(name, deadline)) {
            return;
        }
        createQueue(name, deadline);
        String number = UUID.randomUUID().toString();
        try (Session session = link.connection().createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            Queue queue = session.createQueue(name);
            try (MessageConsumer consumer = session.createConsumer(
                            queue, "JMSType = '" + QueueConsumer.MARKER + "' AND JMSCorrelationID = '" + number + "'");
                    MessageProducer producer = session.createProducer(queue)) {
                Message marker = session.createBytesMessage();
                marker.setJMSType(QueueConsumer.MARKER);
                marker.setJMSCorrelationID(number);
                producer.setDeliveryMode(DeliveryMode.PERSISTENT);
                producer.send(marker);
                // A consumer that came in between may have got it: it is stored nevertheless, and AnyMQ's own skip it.
                consumer.receive(Math.min(1_000, deadline.millisLeft()));
            }
        }
    }

    /**
     * A new subscriber of this advisory topic is told all destinations. That these were all is known from what comes
     * behind them on the same connection: this client's own temporary queue, told to a second subscriber.
     */
    private Set<ActiveMQDestination> known(ActiveMQTopic advisory, Deadline deadline) throws JMSException {
        Set<ActiveMQDestination> known = new HashSet<>();
        try (Session session = link.connection().createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            TemporaryQueue last = session.createTemporaryQueue();
            try (MessageConsumer all = session.createConsumer(advisory(advisory));
                    MessageConsumer end = session.createConsumer(advisory(AdvisorySupport.TEMP_QUEUE_ADVISORY_TOPIC))) {
                while (true) {
                    Message message = end.receive(deadline.millisLeft());
                    if (message == null) {
                        throw new MessagingException(
                                ErrorCode.UNSUPPORTED,
                                "ActiveMQ does not report its queues and topics; set advisorySupport=true at"
                                        + " the broker, or anymq.provision=none here");
                    }
                    if (last.equals(destination(message))) {
                        break;
                    }
                }
                Message message = all.receiveNoWait();
                while (message != null) {
                    known.add(destination(message));
                    message = all.receiveNoWait();
                }
            } finally {
                last.delete();
            }
        }
        return known;
    }

    private static ActiveMQTopic advisory(ActiveMQTopic topic) {
        return new ActiveMQTopic(topic.getPhysicalName() + "?consumer.prefetchSize=32766");
    }

    private static ActiveMQDestination destination(Message message) {
        return message instanceof ActiveMQMessage advisory
                        && advisory.getDataStructure() instanceof DestinationInfo info
                ? info.getDestination()
                : new ActiveMQTempQueue("none");
    }
}
