package io.anymq.activemq;

import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.TransactionId;
import org.apache.activemq.transport.RequestTimedOutIOException;
import org.jspecify.annotations.Nullable;

/** Sends several messages without waiting in between, then waits for all answers. For one thread. */
final class Conversation {
    private final OpenWireLink link;
    private final ProducerInfo producer;
    private long sequence;

    Conversation(OpenWireLink link, ProducerInfo producer) {
        this.link = link;
        this.producer = producer;
    }

    OpenWireLink link() {
        return link;
    }

    /** The broker's answer to one message. */
    static final class Answer implements AsyncCallback {
        private final CountDownLatch all;
        private volatile @Nullable JMSException refusal;

        Answer(CountDownLatch all) {
            this.all = all;
        }

        /** Null when the broker has taken it. */
        @Nullable
        JMSException refusal() {
            return refusal;
        }

        @Override
        public void onSuccess() {
            all.countDown();
        }

        @Override
        public void onException(JMSException exception) {
            refusal = exception;
            all.countDown();
        }
    }

    /**
     * Sends in list order, within {@code transaction} if there is one.
     *
     * @return the answers, in the same order
     * @throws JMSException when an answer is missing at the deadline: then the link is of no use any more
     */
    List<Answer> send(List<ActiveMQBytesMessage> messages, @Nullable TransactionId transaction, Deadline deadline)
            throws JMSException {
        CountDownLatch all = new CountDownLatch(messages.size());
        List<Answer> answers = new ArrayList<>(messages.size());
        for (ActiveMQBytesMessage message : messages) {
            Answer answer = new Answer(all);
            answers.add(answer);
            send(message, transaction, answer);
        }
        await(all, deadline);
        return answers;
    }

    /**
     * Sends in list order; the broker answers with the outcome of {@code transaction}.
     *
     * @return false if one of them could not be sent; the transaction is of no use any more, the link perhaps still is
     */
    boolean sendUnanswered(List<ActiveMQBytesMessage> messages, TransactionId transaction) {
        try {
            for (ActiveMQBytesMessage message : messages) {
                prepare(message, transaction);
                link.send(message);
            }
            return true;
        } catch (JMSException e) {
            return false;
        }
    }

    /** Sends one without waiting; the answer comes to {@code answer} on the thread that reads from the broker. */
    void send(ActiveMQBytesMessage message, @Nullable TransactionId transaction, AsyncCallback answer) {
        prepare(message, transaction);
        try {
            link.request(message, answer);
        } catch (JMSException e) {
            answer.onException(e);
        }
    }

    private void prepare(ActiveMQBytesMessage message, @Nullable TransactionId transaction) {
        message.setProducerId(producer.getProducerId());
        message.setMessageId(new MessageId(producer, ++sequence));
        message.setTransactionId(transaction);
    }

    private static void await(CountDownLatch all, Deadline deadline) throws JMSException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (all.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                    throw timedOut();
                } catch (InterruptedException e) {
                    // The answers decide what is true of the messages; the bound holds anyway.
                    interrupted = true;
                    if (deadline.passed()) {
                        throw timedOut();
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static JMSException timedOut() {
        JMSException e = new JMSException("the broker did not answer within the time limit");
        e.initCause(new RequestTimedOutIOException());
        return e;
    }
}
