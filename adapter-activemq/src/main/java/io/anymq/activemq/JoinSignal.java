package io.anymq.activemq;

import io.anymq.spi.support.VendorErrors;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.ActiveMQDispatcher;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the consumers of one source that another one has joined. Neither server takes a message group away from a
 * consumer that lives, so those that own groups must give them up by themselves; each new consumer announces itself on
 * a topic to which all listen. A consumer that only subscribes again to rebalance does not.
 */
final class JoinSignal implements ActiveMQDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(JoinSignal.class);
    private static final String PREFIX = "anymq.joined.";
    private static final int PREFETCH = 1_000;

    private final OpenWireLink link;
    private final Runnable arrival;
    private final AtomicBoolean joined = new AtomicBoolean();

    private JoinSignal(OpenWireLink link, Runnable arrival) {
        this.link = link;
        this.arrival = arrival;
    }

    /**
     * Listens, then announces the consumer. Without permission, it does neither: then a late consumer gets new groups
     * only.
     */
    static JoinSignal open(OpenWireLink link, ActiveMQQueue queue, Runnable arrival, Duration timeout) {
        JoinSignal signal = new JoinSignal(link, arrival);
        String source = queue.getPhysicalName();
        ActiveMQTopic topic = new ActiveMQTopic(PREFIX + source.substring(source.lastIndexOf(':') + 1));
        ConsumerInfo info = link.newConsumer(topic, PREFETCH, signal);
        info.setNoLocal(true);
        // Artemis recognizes local messages by it.
        info.setClientId(link.connection().getConnectionInfo().getClientId());
        try {
            link.request(info, timeout);
            signal.greet(topic, timeout);
        } catch (JMSException e) {
            LOG.warn(
                    "Topic {} cannot be used: {}; consumers of {} will not rebalance when others join",
                    topic.getPhysicalName(),
                    VendorErrors.text(e),
                    source);
        }
        return signal;
    }

    private void greet(ActiveMQTopic topic, Duration timeout) throws JMSException {
        ActiveMQMessage hello = new ActiveMQMessage();
        hello.setDestination(topic);
        hello.setPersistent(false);
        hello.setTimestamp(System.currentTimeMillis());
        Conversation.open(link, timeout).send(hello, null, refusal -> {
            if (refusal != null) {
                LOG.debug(
                        "Could not announce a new consumer on {}; others rebalance when the next one joins",
                        topic,
                        refusal);
            }
        });
    }

    /** Whether another consumer has joined since the last call. */
    boolean takeJoin() {
        return joined.getAndSet(false);
    }

    @Override
    public void dispatch(MessageDispatch dispatch) {
        if (dispatch.getMessage() == null) {
            return;
        }
        joined.set(true);
        arrival.run();
        try {
            link.send(new MessageAck(dispatch, MessageAck.INDIVIDUAL_ACK_TYPE, 1));
        } catch (JMSException e) {
            LOG.debug("Could not acknowledge another consumer's announcement; it expires at the broker", e);
        }
    }
}
