package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.Escape;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.VendorErrors;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.TextMessage;

/**
 * Artemis through its management messages. A subscription becomes a multicast queue of the topic's address under the
 * very name it has on ActiveMQ Classic, without the acceptor's {@code virtualTopicConsumerWildcards}; and no queue is
 * left to {@code auto-create-queues}, whose queues go away with their last consumer.
 */
final class ArtemisTopology implements Topology {
    private static final String MANAGEMENT = "activemq.management";

    private final OpenWireLink link;

    ArtemisTopology(OpenWireLink link) {
        this.link = link;
    }

    @Override
    public boolean hasQueue(String name, Deadline deadline) throws JMSException {
        return isQueueOf(address(name, name), queue(name), deadline);
    }

    @Override
    public boolean hasTopic(String name, Deadline deadline) throws JMSException {
        return attribute("address." + name, "address", deadline).equals("[\"" + name + "\"]");
    }

    @Override
    public boolean isInUse(String topic, Deadline deadline) throws JMSException {
        return hasTopic(topic, deadline);
    }

    @Override
    public boolean hasSubscription(String topic, String name, Deadline deadline) throws JMSException {
        if (!isQueueOf(address(name, topic), queue(name), deadline)) {
            return false;
        }
        requireCopies(name, deadline);
        return true;
    }

    @Override
    public void createQueue(String name, Deadline deadline) throws JMSException {
        createQueue(address(name, name), queue(name), "ANYCAST", deadline);
    }

    @Override
    public void createTopic(String name, Deadline deadline) throws JMSException {
        String answer = call("createAddress", "[\"" + name + "\",\"MULTICAST\"]", deadline);
        if (!ServerTexts.ADDRESS_CREATED.isIn(answer) && !hasTopic(name, deadline)) {
            throw refused("creating the address " + name, answer);
        }
    }

    @Override
    public void createSubscription(String topic, String name, Deadline deadline) throws JMSException {
        createQueue(address(name, topic), queue(name), "MULTICAST", deadline);
        requireCopies(name, deadline);
    }

    private void createQueue(String address, String name, String routing, Deadline deadline) throws JMSException {
        String queue = "{\\\"name\\\":\\\"" + name + "\\\",\\\"address\\\":\\\"" + address
                + "\\\",\\\"routing-type\\\":\\\"" + routing
                + "\\\",\\\"durable\\\":true,\\\"auto-delete\\\":false,\\\"auto-create-address\\\":true}";
        String answer = call("createQueue", "[\"" + queue + "\",true]", deadline);
        if (!isQueueOf(address, name, deadline)) {
            throw refused("creating the queue " + name + " of the address " + address, answer);
        }
    }

    /** The address in a fully qualified name; {@code otherwise} where the name is a queue's alone. */
    private static String address(String name, String otherwise) {
        int end = name.indexOf(ActiveMqNames.QUALIFIER);
        return end < 0 ? otherwise : name.substring(0, end);
    }

    private static String queue(String name) {
        int end = name.indexOf(ActiveMqNames.QUALIFIER);
        return end < 0 ? name : name.substring(end + ActiveMqNames.QUALIFIER.length());
    }

    private boolean isQueueOf(String address, String queue, Deadline deadline) throws JMSException {
        return attribute("queue." + queue, "address", deadline).equals("[\"" + address + "\"]");
    }

    /** A queue that already exists may share the messages of its address with others. */
    private void requireCopies(String name, Deadline deadline) throws JMSException {
        String routing = attribute("queue." + queue(name), "routingType", deadline);
        if (!routing.equals("[\"MULTICAST\"]")) {
            throw new MessagingException(
                    ErrorCode.MISMATCH,
                    "the Artemis queue " + name + " receives no copies of a topic's messages because its routing"
                            + " type is "
                            + Escape.forLog(routing) + "; create it again as MULTICAST, or map the"
                            + " subscription to another queue");
        }
    }

    private static MessagingException refused(String action, String answer) {
        return new MessagingException(
                ErrorCode.MISMATCH,
                action + " failed: Artemis answered " + Escape.forLog(answer)
                        + "; delete the existing object of this name, use another name, map it to"
                        + " address::queue, or create it"
                        + " yourself and set anymq.provision=none");
    }

    private String attribute(String resource, String attribute, Deadline deadline) throws JMSException {
        return ask(resource, "_AMQ_Attribute", attribute, "", deadline);
    }

    private String call(String operation, String parameters, Deadline deadline) throws JMSException {
        return ask("broker", "_AMQ_OperationName", operation, parameters, deadline);
    }

    private String ask(String resource, String kind, String what, String parameters, Deadline deadline)
            throws JMSException {
        try (Session session = link.connection().createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            TemporaryQueue replies = session.createTemporaryQueue();
            try (MessageConsumer answers = session.createConsumer(replies);
                    // Sent as to a topic; otherwise the server would create a queue of this name.
                    MessageProducer requests = session.createProducer(session.createTopic(MANAGEMENT))) {
                TextMessage request = session.createTextMessage(parameters);
                request.setStringProperty("_AMQ_ResourceName", resource);
                request.setStringProperty(kind, what);
                request.setJMSReplyTo(replies);
                requests.setDeliveryMode(DeliveryMode.PERSISTENT);
                requests.send(request);
                Message answer = answers.receive(deadline.millisLeft());
                if (answer instanceof TextMessage text && text.getText() != null) {
                    return text.getText();
                }
            } finally {
                replies.delete();
            }
        } catch (JMSSecurityException e) {
            throw new MessagingException(
                    ErrorCode.AUTHORIZATION,
                    "Artemis refused a management message: " + VendorErrors.text(e)
                            + "; grant the user send and"
                            + " manage on " + MANAGEMENT + " and the permission to create and consume temporary"
                            + " queues, or create queues and addresses yourself and set anymq.provision=none",
                    false,
                    e);
        }
        throw new MessagingException(
                ErrorCode.TIMEOUT,
                "Artemis did not answer a management message in time; check that management-address is " + MANAGEMENT,
                true,
                null);
    }
}
