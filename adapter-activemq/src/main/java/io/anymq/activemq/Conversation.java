package io.anymq.activemq;

import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Uninterrupted;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.TransactionId;
import org.apache.activemq.transport.RequestTimedOutIOException;
import org.jspecify.annotations.Nullable;

/** One producer at the broker: sends several messages without waiting in between. For one thread. */
final class Conversation {
    private final OpenWireLink link;
    private final ProducerInfo producer;
    private long sequence;

    private Conversation(OpenWireLink link, ProducerInfo producer) {
        this.link = link;
        this.producer = producer;
    }

    static Conversation open(OpenWireLink link, Duration timeout) throws JMSException {
        ProducerInfo producer = link.newProducer();
        link.request(producer, timeout);
        return new Conversation(link, producer);
    }

    OpenWireLink link() {
        return link;
    }

    /**
     * Sends in list order, within {@code transaction} if there is one, and waits for all answers, interrupted or not: they
     * decide what is true of the messages.
     *
     * @return the broker's refusals, in the same order; null for what it has taken
     * @throws JMSException when an answer is missing at the deadline: then the link is of no use any more
     */
    AtomicReferenceArray<@Nullable JMSException> send(
            List<? extends ActiveMQMessage> messages, @Nullable TransactionId transaction, Deadline deadline)
            throws JMSException {
        CountDownLatch unanswered = new CountDownLatch(messages.size());
        AtomicReferenceArray<@Nullable JMSException> refusals = new AtomicReferenceArray<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            int number = i;
            send(messages.get(i), transaction, refusal -> {
                refusals.set(number, refusal);
                unanswered.countDown();
            });
        }
        if (!Uninterrupted.await(unanswered, deadline)) {
            JMSException e = new JMSException("the broker did not answer within the time limit");
            e.initCause(new RequestTimedOutIOException());
            throw e;
        }
        return refusals;
    }

    /**
     * Sends in list order; the broker answers with the outcome of {@code transaction}.
     *
     * @return false if one of them could not be sent; the transaction is of no use any more, the link perhaps still is
     */
    boolean sendUnanswered(List<? extends ActiveMQMessage> messages, TransactionId transaction) {
        try {
            for (ActiveMQMessage message : messages) {
                link.send(prepared(message, transaction));
            }
            return true;
        } catch (JMSException e) {
            return false;
        }
    }

    /**
     * Sends one without waiting. The refusal, or null, comes to {@code answer} on the thread that reads from the broker.
     */
    void send(
            ActiveMQMessage message,
            @Nullable TransactionId transaction,
            Consumer<? super @Nullable JMSException> answer) {
        AsyncCallback callback = new AsyncCallback() {
            @Override
            public void onSuccess() {
                answer.accept(null);
            }

            @Override
            public void onException(JMSException refusal) {
                answer.accept(refusal);
            }
        };
        try {
            link.request(prepared(message, transaction), callback);
        } catch (JMSException e) {
            callback.onException(e);
        }
    }

    private ActiveMQMessage prepared(ActiveMQMessage message, @Nullable TransactionId transaction) {
        message.setProducerId(producer.getProducerId());
        message.setMessageId(new MessageId(producer, ++sequence));
        message.setTransactionId(transaction);
        return message;
    }

    /** Takes the producer away from the broker. */
    void close() throws JMSException {
        if (link.isOpen()) {
            link.send(producer.createRemoveCommand());
        }
    }
}
