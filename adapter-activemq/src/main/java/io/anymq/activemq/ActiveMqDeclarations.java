package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.Address;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Declaration;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.RemoveInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How queues and topics were declared, in a queue for each that is browsed and not consumed. Of several messages the
 * first counts, which is the same one for all who look.
 */
final class ActiveMqDeclarations {
    private static final int PREFETCH = 100;
    private static final Duration REMOVAL = Duration.ofSeconds(1);

    /** A broker that has no room takes longer, and consumers that wait for it could never make any. */
    private static final Duration WRITING = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(ActiveMqDeclarations.class);

    private final OpenWireLink link;
    private final Topology topology;
    private final ActiveMqServer server;
    private final ActiveMqNames names;
    private final String by;

    ActiveMqDeclarations(OpenWireLink link, Topology topology, ActiveMqServer server) {
        this.link = link;
        this.topology = topology;
        this.server = server;
        this.names = server.names();
        this.by = server.config().clientName();
    }

    /** A message of a declaration's queue, and what it says. */
    private record Entry(String number, Declaration declaration) {}

    /** Creates what is declared. */
    @FunctionalInterface
    interface Creation {
        void run() throws JMSException;
    }

    /**
     * Compares, creates and declares. What earlier messages say counts no more if the place is missing: it was deleted.
     * They are read before it is looked for, and written after it was created, so that a message of another client is
     * never taken for one of those.
     *
     * @throws MessagingException MISMATCH, with nothing created
     */
    void create(Address address, Creation creation, Deadline deadline) throws JMSException {
        Declaration wanted = Declaration.of(address, by);
        if (wanted == null) {
            creation.run();
            return;
        }
        ActiveMQQueue queue = new ActiveMQQueue(names.declaration(address));
        topology.createQueue(queue.getPhysicalName(), deadline);
        List<Entry> found = read(queue, deadline);
        if (!found.isEmpty() && !found.get(0).declaration().agreesWith(wanted)) {
            if (exists(address, found.get(0).declaration(), deadline)) {
                require(address, queue, found);
            }
            remove(queue, found, deadline);
            found = List.of();
        }
        creation.run();
        if (found.isEmpty()) {
            Entry mine = new Entry(UUID.randomUUID().toString(), wanted);
            if (!write(queue, mine, deadline)) {
                LOG.warn(
                        "Could not note at the broker how {} is declared, because it has no room or does not answer;"
                                + " continuing. Until a client can, nothing keeps others from declaring it otherwise",
                        address);
            }
            List<Entry> all = read(queue, deadline);
            if (!all.isEmpty() && !all.get(0).equals(mine)) {
                remove(queue, List.of(mine), deadline);
            }
            require(address, queue, all);
        }
    }

    /** Compares with what is there, and writes nothing. */
    void check(Address address, Deadline deadline) throws JMSException {
        if (address instanceof Address.Redelivery) {
            return;
        }
        ActiveMQQueue queue = new ActiveMQQueue(names.declaration(address));
        if (topology.hasQueue(queue.getPhysicalName(), deadline)) {
            require(address, queue, read(queue, deadline));
        }
    }

    private static void require(Address address, ActiveMQQueue queue, List<Entry> found) {
        if (!found.isEmpty()) {
            found.get(0).declaration().requireAgreement(address, "the queue " + queue.getPhysicalName());
        }
    }

    /** Whether what was declared is still there. */
    private boolean exists(Address address, Declaration declared, Deadline deadline) throws JMSException {
        String name = names.declared(address);
        return declared.kind().equals(Declaration.QUEUE)
                ? topology.hasQueue(address instanceof Address.OfQueue of ? names.queue(of) : name, deadline)
                : topology.isInUse(names.declaredTopic(address), deadline);
    }

    /** All that is there, in its order. */
    private List<Entry> read(ActiveMQQueue queue, Deadline deadline) throws JMSException {
        List<Entry> found = new ArrayList<>();
        try (Look look = new Look(queue, null, deadline)) {
            MessageDispatch next = look.next();
            while (next.getMessage() != null) {
                entry(next).ifPresent(found::add);
                next = look.next();
            }
        }
        return found;
    }

    private static Optional<Entry> entry(MessageDispatch dispatch) throws JMSException {
        if (!(dispatch.getMessage() instanceof ActiveMQTextMessage message)) {
            return Optional.empty();
        }
        String text = message.getText();
        String number = message.getCorrelationId();
        return text == null || number == null
                ? Optional.empty()
                : Declaration.parse(text).map(declaration -> new Entry(number, declaration));
    }

    /** On a connection of its own, which a broker without room blocks; false if it has none. */
    private boolean write(ActiveMQQueue queue, Entry entry, Deadline deadline) throws JMSException {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setDestination(queue);
        message.setPersistent(true);
        message.setTimestamp(System.currentTimeMillis());
        message.setCorrelationId(entry.number());
        message.setText(entry.declaration().text());
        OpenWireLink own = OpenWireLink.open(server.config(), deadline.left());
        try {
            Conversation with = Conversation.open(own, deadline.left());
            Duration wait = deadline.left().compareTo(WRITING) < 0 ? deadline.left() : WRITING;
            JMSException refusal =
                    with.send(List.of(message), null, Deadline.after(wait)).get(0);
            if (refusal == null) {
                return true;
            }
            throw refusal;
        } catch (JMSException e) {
            ErrorCode code = ActiveMqTranslator.error("declaring", e).code();
            if (code == ErrorCode.TIMEOUT || code == ErrorCode.FULL) {
                return false;
            }
            throw e;
        } finally {
            own.close();
        }
    }

    private void remove(ActiveMQQueue queue, List<Entry> entries, Deadline deadline) throws JMSException {
        for (Entry entry : entries) {
            try (Look look = new Look(queue, "JMSCorrelationID = '" + entry.number() + "'", deadline)) {
                // another client may have removed it
                MessageDispatch found = look.next(REMOVAL);
                if (found != null) {
                    link.request(new MessageAck(found, MessageAck.INDIVIDUAL_ACK_TYPE, 1), deadline.left());
                }
            }
        }
    }

    /** A consumer of a declaration's queue: with a selector it takes, without one it browses. */
    private final class Look implements AutoCloseable {
        private final BlockingQueue<MessageDispatch> arrived = new LinkedBlockingQueue<>();
        private final ActiveMQQueue queue;
        private final Deadline deadline;
        private final ConsumerInfo info;

        Look(ActiveMQQueue queue, @Nullable String selector, Deadline deadline) throws JMSException {
            this.queue = queue;
            this.deadline = deadline;
            this.info = link.newConsumer(queue, PREFETCH, arrived::add);
            info.setBrowser(selector == null);
            info.setSelector(selector);
            boolean registered = false;
            try {
                link.request(info, deadline.left());
                registered = true;
            } finally {
                if (!registered) {
                    link.connection().removeDispatcher(info.getConsumerId());
                }
            }
        }

        /** The next message; the end of browsing has none. */
        MessageDispatch next() {
            MessageDispatch next = next(deadline.left());
            if (next == null) {
                throw new MessagingException(
                        ErrorCode.TIMEOUT,
                        "the queue " + queue.getPhysicalName() + " could not be browsed in time; try again and check"
                                + " that the broker is running",
                        true,
                        null);
            }
            return next;
        }

        @Nullable
        MessageDispatch next(Duration wait) {
            try {
                return arrived.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MessagingException(
                        ErrorCode.CLOSED, "interrupted while reading " + queue.getPhysicalName(), true, e);
            }
        }

        @Override
        public void close() throws JMSException {
            link.connection().removeDispatcher(info.getConsumerId());
            RemoveInfo remove = info.createRemoveCommand();
            link.send(remove);
        }
    }
}
