package io.anymq.activemq;

import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;

/** Looks up and creates queues and topics at one of the two servers. */
interface Topology {
    boolean hasQueue(String name, Deadline deadline) throws JMSException;

    boolean hasTopic(String name, Deadline deadline) throws JMSException;

    /** Whether there is the topic or a subscription to it. */
    boolean isInUse(String topic, Deadline deadline) throws JMSException;

    /** Whether the queue {@code name} gets copies of the messages sent to {@code topic}. */
    boolean hasSubscription(String topic, String name, Deadline deadline) throws JMSException;

    /** Nothing happens if it is there. */
    void createQueue(String name, Deadline deadline) throws JMSException;

    void createTopic(String name, Deadline deadline) throws JMSException;

    /** From the moment this returns the queue {@code name} gets everything, whatever happens to the broker. */
    void createSubscription(String topic, String name, Deadline deadline) throws JMSException;
}
