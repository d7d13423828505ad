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
import java.util.function.Consumer;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * Sends to one address. To ActiveMQ Classic, accumulated messages are sent in one transaction, because it forces its
 * journal to the disk once for a transaction but, on one connection, once for each message without; a lone message
 * needs none. Artemis gathers the writes of all that is on its way by itself, so it gets message after message without
 * waiting for the answers.
 */
final class ActiveMqSender extends BatchingSender {
    private final LazyLink links;
    private final ActiveMqNames names;
    private final Address address;
    private final Ordering ordering;
    private final boolean brokerDelays;
    private final Duration timeout;
    private final boolean inTransactions;
    private final Consumer<ActiveMqSender> onRelease;
    private @Nullable Conversation conversation;

    private ActiveMqSender(
            LazyLink links,
            ActiveMqNames names,
            Address address,
            boolean brokerDelays,
            Duration timeout,
            boolean inTransactions,
            int batch,
            String name,
            Consumer<ActiveMqSender> onRelease) {
        super(name, batch);
        this.onRelease = onRelease;
        this.links = links;
        this.names = names;
        this.address = address;
        this.ordering = ActiveMqNames.ordering(address);
        this.brokerDelays = brokerDelays;
        this.timeout = timeout;
        this.inTransactions = inTransactions;
    }

    static ActiveMqSender open(
            LazyLink links,
            ActiveMqNames names,
            Address address,
            boolean brokerDelays,
            Duration timeout,
            boolean inTransactions,
            int batch,
            String name,
            Consumer<ActiveMqSender> onRelease) {
        ActiveMqSender sender = new ActiveMqSender(
                links, names, address, brokerDelays, timeout, inTransactions, batch, name, onRelease);
        sender.start();
        return sender;
    }

    /** One message of a batch and its native form. */
    private record Item(OutboundMessage message, ActiveMQBytesMessage out) {}

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
                boolean holdBack = brokerDelays && message.deliverAtMillis() != 0;
                Item item = new Item(
                        message,
                        ActiveMqTranslator.message(
                                names.target(address, message.lane()), ordering, message, brokerDelays));
                // A transaction hands delayed messages to the broker's scheduler only after it was committed.
                (holdBack ? delayed : together).add(item);
            } catch (IOException | RuntimeException e) {
                message.rejected(error(e));
            }
        }
        if (!inTransactions) {
            sendAhead(with, delayed);
            sendAhead(with, together);
            return;
        }
        if (!delayed.isEmpty()) {
            sendEach(with, delayed, deadline);
        }
        if (together.size() == 1) {
            sendEach(with, together, deadline);
        } else if (!together.isEmpty()) {
            sendTogether(with, together, deadline);
        }
    }

    private Conversation conversation(Deadline deadline) {
        OpenWireLink link = links.get(deadline.left());
        Conversation current = conversation;
        if (current == null || current.link() != link) {
            try {
                current = new Conversation(link, link.registerProducer(deadline.left()));
            } catch (JMSException e) {
                throw error(e);
            }
            conversation = current;
        }
        return current;
    }

    private void sendAhead(Conversation with, List<Item> items) {
        for (Item item : items) {
            with.send(item.out, null, new Pending(item));
        }
    }

    /** A message whose answer arrives asynchronously; the engine limits the time. */
    private final class Pending implements AsyncCallback {
        private final Item item;

        Pending(Item item) {
            this.item = item;
        }

        @Override
        public void onSuccess() {
            report(item, null);
        }

        @Override
        public void onException(JMSException exception) {
            report(item, exception);
        }
    }

    /** Each on its own: the answer to a message is its outcome. */
    private void sendEach(Conversation with, List<Item> items, Deadline deadline) {
        try {
            List<Conversation.Answer> answers = with.send(natives(items), null, deadline);
            for (int i = 0; i < items.size(); i++) {
                report(items.get(i), answers.get(i).refusal());
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

    private static List<ActiveMQBytesMessage> natives(List<Item> items) {
        List<ActiveMQBytesMessage> natives = new ArrayList<>(items.size());
        for (Item item : items) {
            natives.add(item.out);
        }
        return natives;
    }

    private MessagingException error(Exception failure) {
        return ActiveMqTranslator.error("sending to " + address, failure);
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        OpenWireLink link = links.current();
        return link != null && type.isInstance(link.connection())
                ? Optional.of(type.cast(link.connection()))
                : Optional.empty();
    }

    /** The link belongs to the connection. */
    @Override
    protected void release() {
        onRelease.accept(this);
    }
}
