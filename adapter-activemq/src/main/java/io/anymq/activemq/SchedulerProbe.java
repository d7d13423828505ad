package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.io.IOException;
import java.util.List;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQTopic;

/**
 * Finds out whether the scheduler of an ActiveMQ Classic is on. When it is off, which is the default, a delay is an
 * ordinary property without effect; when it is on, a delay that is not a number is refused. So a message with such a
 * delay, to a topic without subscribers, leaves nothing behind in either case.
 */
final class SchedulerProbe {
    /** Sent where a delay in milliseconds belongs. */
    static final String QUESTION = "is the scheduler on?";

    private static final ActiveMQTopic NOWHERE = new ActiveMQTopic("anymq.probe");

    private SchedulerProbe() {}

    static boolean isOn(OpenWireLink link, Deadline deadline) {
        try {
            Conversation with = Conversation.open(link, deadline.left());
            ActiveMQBytesMessage message = new ActiveMQBytesMessage();
            message.setDestination(NOWHERE);
            message.setPersistent(false);
            message.setTimestamp(System.currentTimeMillis());
            message.setProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, QUESTION);
            JMSException refusal = with.send(List.of(message), null, deadline).get(0);
            with.close();
            return refusal != null && isDelayRefused(refusal);
        } catch (JMSException | IOException e) {
            throw ActiveMqTranslator.error("checking whether ActiveMQ's scheduler is on", e);
        }
    }

    private static boolean isDelayRefused(JMSException failure) throws JMSException {
        if (failure instanceof JMSSecurityException || failure.getCause() instanceof SecurityException) {
            throw new MessagingException(
                    ErrorCode.AUTHORIZATION,
                    "the user is not permitted to write to the topic " + NOWHERE.getPhysicalName()
                            + ", which AnyMQ uses to find out whether"
                            + " ActiveMQ's scheduler is on; grant the permission, or set"
                            + " anymq.activemq.delay=native (the broker"
                            + " has schedulerSupport=true) or emulated (it does not)",
                    false,
                    failure);
        }
        if (ServerTexts.SCHEDULER_READS.isIn(failure) || failure.getCause() instanceof NumberFormatException) {
            return true;
        }
        throw failure;
    }
}
