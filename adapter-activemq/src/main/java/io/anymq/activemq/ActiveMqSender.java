package io.anymq.activemq;

import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import io.anymq.spi.support.BatchingSender;
import io.anymq.spi.support.Deadline;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * Sends to one address. To ActiveMQ Classic, accumulated messages are sent in one transaction, because it forces its
 * journal to the disk once for a transaction but, on one connection, once for each message without; a lone message
 * needs none. Artemis gathers the writes of all that is on its way by itself, so it gets message after message without
 * waiting for the answers.
 */
final class ActiveMqSender extends BatchingSender {
    private final ActiveMqServer server;
    private final LazyLink links;
    private final Address address;
    private final Ordering ordering;
    private final Duration timeout;
    private final Consumer<ActiveMqSender> onRelease;
    private @Nullable Conversation conversation;

    /** @param onRelease called when the sender has ended */
    ActiveMqSender(
            ActiveMqServer server,
            LazyLink links,
            Address address,
            Duration timeout,
            String name,
            Consumer<ActiveMqSender> onRelease) {
        super(name, server.config().batch());
        this.server = server;
        this.links = links;
        this.address = address;
        this.ordering = ActiveMqNames.ordering(address);
        this.timeout = timeout;
        this.onRelease = onRelease;
        start();
    }

    /** One message of a batch and its native form. */
    private record Item(OutboundMessage message, ActiveMQMessage out) {}

    @Override
    protected void sendBatch(List<OutboundMessage> batch) {
        Deadline deadline = Deadline.after(timeout);
        Conversation with;
        try {
            with = conversation(deadline);
        } catch (MessagingException e) {
            // Nothing has left this process.
            batch.forEach(message -> message.rejected(e));
            return;
        }
        List<Item> together = new ArrayList<>(batch.size());
        List<Item> delayed = new ArrayList<>(0);
        for (OutboundMessage message : batch) {
            try {
                boolean holdBack = server.brokerDelays() && message.deliverAtMillis() != 0;
                Item item = new Item(
                        message,
                        ActiveMqTranslator.message(
                                server.names().target(address, message.lane()),
                                ordering,
                                message,
                                server.brokerDelays()));
                // A transaction hands delayed messages to the broker's scheduler only after it was committed.
                (holdBack ? delayed : together).add(item);
            } catch (IOException | RuntimeException e) {
                message.rejected(error(e));
            }
        }
        if (!server.isClassic()) {
            sendAhead(with, delayed);
            sendAhead(with, together);
            return;
        }
        sendEach(with, delayed, deadline);
        if (together.size() > 1) {
            sendTogether(with, together, deadline);
        } else {
            sendEach(with, together, deadline);
        }
    }

    private Conversation conversation(Deadline deadline) {
        OpenWireLink link = links.get(deadline.left());
        Conversation current = conversation;
        if (current == null || current.link() != link) {
            try {
                current = Conversation.open(link, deadline.left());
            } catch (JMSException e) {
                throw error(e);
            }
            conversation = current;
        }
        return current;
    }

    /** The answers come asynchronously; the engine limits the time. */
    private void sendAhead(Conversation with, List<Item> items) {
        for (Item item : items) {
            with.send(item.out, null, refusal -> report(item, refusal));
        }
    }

    /** Each on its own: the answer to a message is its outcome. */
    private void sendEach(Conversation with, List<Item> items, Deadline deadline) {
        if (items.isEmpty()) {
            return;
        }
        try {
            AtomicReferenceArray<@Nullable JMSException> refusals = with.send(natives(items), null, deadline);
            for (int i = 0; i < items.size(); i++) {
                report(items.get(i), refusals.get(i));
            }
        } catch (JMSException e) {
            MessagingException error = error(e);
            with.link().giveUp(e);
            items.forEach(item -> item.message.unknown(error));
        }
    }

    /**
     * All of them or none. None asks for an answer of its own, because the broker would force its journal to the disk
     * for each that does. If the broker refuses one, each is sent again on its own, so that it spoils no other.
     */
    private void sendTogether(Conversation with, List<Item> items, Deadline deadline) {
        OpenWireLink link = with.link();
        boolean committing = false;
        try {
            TransactionId transaction = link.begin();
            if (with.sendUnanswered(natives(items), transaction)) {
                committing = true;
                if (link.commit(transaction, deadline.left())) {
                    items.forEach(item -> item.message.confirmed(null));
                    return;
                }
                committing = false;
            }
            link.rollback(transaction, deadline.left());
            sendEach(with, items, deadline);
        } catch (JMSException e) {
            MessagingException error = error(e);
            link.giveUp(e);
            for (Item item : items) {
                if (committing) {
                    item.message.unknown(error);
                } else {
                    // Without a commit, the broker rolls back the transaction of the lost connection.
                    item.message.rejected(error);
                }
            }
        }
    }

    private void report(Item item, @Nullable JMSException refusal) {
        if (refusal == null) {
            item.message.confirmed(null);
        } else if (ActiveMqTranslator.refusedByBroker(refusal)) {
            item.message.rejected(error(refusal));
        } else {
            item.message.unknown(error(refusal));
        }
    }

    private static List<ActiveMQMessage> natives(List<Item> items) {
        return items.stream().map(Item::out).toList();
    }

    private MessagingException error(Exception failure) {
        return ActiveMqTranslator.error("sending to " + address, failure);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return links.unwrap(type);
    }

    /** The link belongs to the connection. */
    @Override
    protected void release() {
        onRelease.accept(this);
    }
}
