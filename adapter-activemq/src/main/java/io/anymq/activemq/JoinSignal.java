package io.anymq.activemq;

import jakarta.jms.JMSException;
import java.time.Duration;
import org.apache.activemq.ActiveMQDispatcher;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
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
    private volatile boolean joined;

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
        ConsumerInfo info = new ConsumerInfo(link.newConsumerId());
        info.setDestination(topic);
        info.setPrefetchSize(PREFETCH);
        info.setDispatchAsync(true);
        info.setNoLocal(true);
        // Artemis recognizes local messages by it.
        info.setClientId(link.connection().getConnectionInfo().getClientId());
        link.addDispatcher(info.getConsumerId(), signal);
        try {
            link.request(info, timeout);
            signal.greet(topic, timeout);
        } catch (JMSException e) {
            LOG.warn(
                    "Topic {} cannot be used: {}; consumers of {} will not rebalance when others join",
                    topic.getPhysicalName(),
                    ActiveMqTranslator.detail(e),
                    source);
        }
        return signal;
    }

    private void greet(ActiveMQTopic topic, Duration timeout) throws JMSException {
        ProducerInfo producer = link.registerProducer(timeout);
        ActiveMQMessage hello = new ActiveMQMessage();
        hello.setDestination(topic);
        hello.setPersistent(false);
        hello.setProducerId(producer.getProducerId());
        hello.setMessageId(new MessageId(producer, 1));
        hello.setTimestamp(System.currentTimeMillis());
        link.request(hello, new AsyncCallback() {
            @Override
            public void onSuccess() {
                LOG.debug("Announced a new consumer on {}", topic);
            }

            @Override
            public void onException(JMSException e) {
                LOG.debug(
                        "Could not announce a new consumer on {}; others rebalance when the next one joins", topic, e);
            }
        });
    }

    /** Whether another consumer has joined since the last call. */
    boolean takeJoin() {
        if (!joined) {
            return false;
        }
        joined = false;
        return true;
    }

    @Override
    public void dispatch(MessageDispatch dispatch) {
        if (dispatch.getMessage() == null) {
            return;
        }
        joined = true;
        arrival.run();
        try {
            link.send(new MessageAck(dispatch, MessageAck.INDIVIDUAL_ACK_TYPE, 1));
        } catch (JMSException e) {
            LOG.debug("Could not acknowledge another consumer's announcement; it expires at the broker", e);
        }
    }
}
