package io.anymq.activemq;

import io.anymq.spi.Lane;
import io.anymq.spi.support.AckWindow;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Inbox;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.activemq.ActiveMQDispatcher;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ConsumerControl;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.RemoveInfo;
import org.apache.activemq.command.TransactionId;

/**
 * One consumer at the broker, which is one {@link Lane}. Single-threaded but for {@link #dispatch}.
 *
 * <p>The broker counts a redelivery for every message that a dead consumer had been sent, handled or not. So that a
 * message that kills its consumer does not take others with it, a consumer begins with a prefetch of one, and stays
 * there for as long as what comes was delivered before: then only the message that is being handled is counted when the
 * process dies. After that the prefetch is the window that the engine wants.
 */
final class QueueConsumer implements ActiveMQDispatcher {
    /** The type of a message that was only sent to make a queue exist permanently; see {@link ClassicTopology}. */
    static final String MARKER = "anymq-provision";

    private final OpenWireLink link;
    private final ActiveMQQueue queue;
    private final Lane lane;
    private final PrefetchControl prefetch;
    private final int largestBody;
    private final LostDeliveries lostDeliveries;
    private final RecentAcknowledgements acknowledged;
    private final Inbox<Arrival> inbox;
    private final ConsumerInfo info;
    private final Queue<MessageDispatch> arrived = new ArrayDeque<>();
    private final List<ActiveMqMessage> suspects = new ArrayList<>();
    private final AckWindow<ActiveMqMessage> acks;
    private boolean trusting;
    private long taken = 1;
    private boolean ended;
    boolean owned = true;
    boolean paused;

    /** What the broker gave out to one of a receiver's consumers. */
    record Arrival(QueueConsumer owner, MessageDispatch dispatch) {
        /** Hands it to its consumer, on the receive thread. */
        void deliver() {
            owner.arrived.add(dispatch);
            owner.prefetch.arrived();
        }
    }

    /**
     * Registers at the broker; what it gives out goes to {@code inbox}.
     *
     * @param window how many messages may be here and not acknowledged
     * @param most the largest window to come
     * @param remembered how many acknowledgements a lost connection may take with it
     * @param credits as {@link PrefetchControl} says
     * @param largestBody of a message that is compressed, when it is not
     */
    QueueConsumer(
            OpenWireLink link,
            ActiveMQQueue queue,
            int window,
            int most,
            int remembered,
            boolean credits,
            int largestBody,
            LostDeliveries lostDeliveries,
            Inbox<Arrival> inbox,
            Duration timeout)
            throws JMSException {
        this.link = link;
        this.queue = queue;
        this.lane = new Lane(queue.getPhysicalName());
        this.largestBody = largestBody;
        this.lostDeliveries = lostDeliveries;
        this.acknowledged = new RecentAcknowledgements(remembered);
        this.inbox = inbox;
        this.trusting = most == 1;
        this.acks = new AckWindow<>(window / 4);
        this.info = link.newConsumer(queue, 1, this);
        this.prefetch = new PrefetchControl(this::tellPrefetch, credits, window);
        boolean registered = false;
        try {
            link.request(info, timeout);
            registered = true;
        } finally {
            if (!registered) {
                // the broker may have registered it all the same, and sent messages
                lose();
            }
        }
    }

    ActiveMQQueue queue() {
        return queue;
    }

    Lane lane() {
        return lane;
    }

    @Override
    public void dispatch(MessageDispatch dispatch) {
        if (dispatch.getMessage() != null) {
            inbox.add(new Arrival(this, dispatch));
        }
    }

    /** Up to {@code max} messages, none while it is paused or after {@link #disown}. */
    void take(List<ActiveMqMessage> messages, int max) throws JMSException {
        requestMoreAfterSurvival();
        while (owned && !paused && messages.size() < max) {
            MessageDispatch dispatch = arrived.poll();
            if (dispatch == null) {
                return;
            }
            if (MARKER.equals(dispatch.getMessage().getType())) {
                link.send(new MessageAck(dispatch, MessageAck.INDIVIDUAL_ACK_TYPE, 1));
                prefetch.acknowledged(1);
                continue;
            }
            int attempts = lostDeliveries.attemptsBefore(queue.getPhysicalName(), dispatch);
            ActiveMqMessage message = new ActiveMqMessage(dispatch, this, taken++, attempts, largestBody);
            acks.add(message.number(), message);
            if (!trusting) {
                look(message);
            }
            messages.add(message);
        }
    }

    private void look(ActiveMqMessage message) throws JMSException {
        if (message.deliveryCount() > 1) {
            suspects.add(message);
            return;
        }
        trusting = true;
        suspects.clear();
        prefetch.open();
    }

    private void tellPrefetch(int messages) throws JMSException {
        ConsumerControl control = new ConsumerControl();
        control.setConsumerId(info.getConsumerId());
        control.setDestination(queue);
        control.setPrefetch(messages);
        link.send(control);
    }

    /** From now on no more than so many messages may be here and not acknowledged. */
    void window(int messages) throws JMSException {
        acks.many(messages / 4);
        prefetch.window(messages);
    }

    /** A message that waits for its next attempt is harmless, and must not hold up the others. */
    private void requestMoreAfterSurvival() throws JMSException {
        for (ActiveMqMessage suspect : List.copyOf(suspects)) {
            if (suspect.survivedItsFirstAttempt()) {
                suspects.remove(suspect);
                link.send(new MessageAck(suspect.dispatch(), MessageAck.DELIVERED_ACK_TYPE, 1));
                prefetch.extended(1);
            }
        }
    }

    /** Done; the broker is told together with what follows, and not waited for. */
    void acknowledge(ActiveMqMessage message) throws JMSException {
        acknowledged.add(message);
        acks.done(message.number());
        if (!trusting) {
            suspects.remove(message);
            acks.flushAll(this::tell);
        }
    }

    /** Done if the transaction takes place; {@link #acknowledged} says that it did. */
    void acknowledge(ActiveMqMessage message, TransactionId transaction) throws JMSException {
        MessageAck ack = new MessageAck(message.dispatch(), MessageAck.INDIVIDUAL_ACK_TYPE, 1);
        ack.setTransactionId(transaction);
        link.send(ack);
        prefetch.acknowledged(1);
    }

    void acknowledged(ActiveMqMessage message) {
        acks.told(message.number());
        suspects.remove(message);
    }

    /** Tells the broker what need not wait for more. */
    void flush(long now) throws JMSException {
        acks.flush(now, this::tell);
        prefetch.adjust();
    }

    /** Nanoseconds until {@link #flush} has something to do. */
    long nanosUntilFlush(long now) {
        return acks.nanosUntilDue(now);
    }

    private void tell(ActiveMqMessage first, ActiveMqMessage last, int count, boolean all) throws JMSException {
        MessageAck ack = new MessageAck(last.dispatch(), MessageAck.STANDARD_ACK_TYPE, count);
        ack.setFirstMessageId(first.dispatch().getMessage().getMessageId());
        link.send(ack);
        prefetch.acknowledged(count);
    }

    /** Hands out nothing from now on; the broker owns its sent messages again after {@link #remove}. */
    void disown() throws JMSException {
        owned = false;
        acks.flushAll(this::tell);
    }

    /**
     * Takes the consumer away from the broker, which has worked off every acknowledgement when it answers, and counts
     * no redelivery for unacknowledged messages.
     */
    void remove(Duration timeout) throws JMSException {
        disown();
        Deadline deadline = Deadline.after(timeout);
        // While Artemis still writes acknowledgements, it lets the groups go before it takes their messages back, and
        // the next owner would get later ones first. This answer comes when all is written.
        link.ping(deadline.left());
        RemoveInfo remove = info.createRemoveCommand();
        remove.setLastDeliveredSequenceId(RemoveInfo.LAST_DELIVERED_UNSET);
        try {
            link.request(remove, deadline.left());
            ended = true;
        } finally {
            link.connection().removeDispatcher(info.getConsumerId());
        }
    }

    /**
     * What the broker had sent is lost with the connection, unless the consumer was removed before: the broker counts
     * it now, and must not be believed.
     */
    void lose() {
        if (ended) {
            return;
        }
        ended = true;
        String name = queue.getPhysicalName();
        List<LostDeliveries.Delivery> lost = new ArrayList<>();
        acknowledged.addTo(lost);
        for (ActiveMqMessage message : acks.open()) {
            lost.add(delivery(message.dispatch(), message.attempts()));
        }
        for (MessageDispatch dispatch : arrived) {
            lost.add(delivery(dispatch, lostDeliveries.attemptsBefore(name, dispatch)));
        }
        lostDeliveries.lost(name, lost);
    }

    private static LostDeliveries.Delivery delivery(MessageDispatch dispatch, int attempts) {
        return new LostDeliveries.Delivery(
                dispatch.getMessage().getMessageId(), LostDeliveries.counted(dispatch), attempts);
    }
}
