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
 * How consumers of one source learn that another one has come. Neither server takes a message group away from a consumer that
 * lives, so those that own groups must give them up by themselves; each newcomer says hello on a topic, to which all listen. A
 * consumer that only comes back to share anew keeps silent.
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

    /** Listens, then says hello. What is not permitted is done without: then a late consumer gets new groups only. */
    static JoinSignal open(OpenWireLink link, ActiveMQQueue queue, Runnable arrival, Duration timeout) {
        JoinSignal signal = new JoinSignal(link, arrival);
        String source = queue.getPhysicalName();
        ActiveMQTopic topic = new ActiveMQTopic(PREFIX + source.substring(source.lastIndexOf(':') + 1));
        ConsumerInfo info = new ConsumerInfo(link.newConsumerId());
        info.setDestination(topic);
        info.setPrefetchSize(PREFETCH);
        info.setDispatchAsync(true);
        info.setNoLocal(true);
        // By which Artemis knows what is local.
        info.setClientId(link.connection().getConnectionInfo().getClientId());
        link.addDispatcher(info.getConsumerId(), signal);
        try {
            link.request(info, timeout);
            signal.greet(topic, timeout);
        } catch (JMSException e) {
            LOG.warn(
                    "consumers of {} will not share anew when others join, because the topic {} cannot be used: {}",
                    source,
                    topic.getPhysicalName(),
                    ActiveMqTranslator.detail(e));
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
                LOG.debug("said hello on {}", topic);
            }

            @Override
            public void onException(JMSException e) {
                LOG.debug("could not say hello on {}", topic, e);
            }
        });
    }

    /** Whether somebody has come since the last call. */
    boolean takeJoined() {
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
            LOG.debug("a hello was not acknowledged", e);
        }
    }
}
