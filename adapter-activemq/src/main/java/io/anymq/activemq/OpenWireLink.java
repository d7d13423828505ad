package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.HostPort;
import io.anymq.spi.support.TlsRefusal;
import io.anymq.spi.support.Uninterrupted;
import io.anymq.spi.support.VendorErrors;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQDispatcher;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.LocalTransactionId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.SessionInfo;
import org.apache.activemq.command.TransactionId;
import org.apache.activemq.command.TransactionInfo;
import org.apache.activemq.openwire.OpenWireFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker, spoken to in OpenWire's commands: JMS's own sessions would count, acknowledge and
 * redeliver by rules of their own. A link that has failed stays failed; open another one. Thread-safe.
 */
final class OpenWireLink {
    private static final Logger LOG = LoggerFactory.getLogger(OpenWireLink.class);

    /**
     * Far from the numbers that the vendor's client gives to sessions which a user opens on the unwrapped connection.
     */
    private static final long SESSION = 1_000_000_000L;

    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private final ActiveMQConnection connection;
    private final String address;
    private final SessionInfo session;
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Runnable onFailure;

    private OpenWireLink(ActiveMQConnection connection, String address) {
        this.connection = connection;
        this.address = address;
        this.session = new SessionInfo(connection.getConnectionInfo(), SESSION);
    }

    /** Connects to the first of the brokers that answers. */
    static OpenWireLink open(ActiveMqConfig config, Duration timeout) {
        return HostPort.connect(config.addresses(), timeout, (address, deadline) -> open(config, address, deadline));
    }

    private static OpenWireLink open(ActiveMqConfig config, String address, Deadline deadline) {
        // Connecting, TLS, the wire format and the login wait one after the other; the rest is for finding out what is
        // wrong.
        Duration step = deadline.left().multipliedBy(9).dividedBy(40);
        ActiveMQConnection connection = null;
        try {
            connection = (ActiveMQConnection) config.factory(address, step).createConnection();
            // a client without consumers must not keep the JVM alive
            connection.getSessionTaskRunner().setDaemon(true);
            OpenWireLink link = new OpenWireLink(connection, address);
            connection.setClientInternalExceptionListener(link::failed);
            connection.setExceptionListener(link::failed);
            connection.start();
            link.request(link.session, deadline.left());
            return link;
        } catch (JMSException | RuntimeException e) {
            if (connection != null) {
                closeQuietly(connection);
            }
            throw notConnected(config, address, e, deadline);
        }
    }

    private static MessagingException notConnected(
            ActiveMqConfig config, String address, Exception failure, Deadline deadline) {
        String action = "connecting to ActiveMQ at " + address;
        Throwable refusal = config.tlsRefusal(address, deadline).orElse(null);
        MessagingException error = TlsRefusal.of(action, "anymq.activemq.", refusal == null ? failure : refusal)
                .orElseGet(() -> ActiveMqTranslator.connectError(action, failure));
        if (error.code() != ErrorCode.UNAVAILABLE && error.code() != ErrorCode.TIMEOUT) {
            return error;
        }
        String silent = "does not answer in OpenWire; check that it is the broker's OpenWire port, that"
                + " anymq.activemq.tls matches this port, and that the broker itself is running, not only its machine";
        return new MessagingException(
                error.code(), action + " failed: " + HostPort.diagnose(address, silent, deadline), true, failure);
    }

    String address() {
        return address;
    }

    /** The largest frame that both ends take. */
    long maxFrameBytes() {
        return connection.getTransport().getWireFormat() instanceof OpenWireFormat format
                ? format.getMaxFrameSize()
                : Long.MAX_VALUE;
    }

    ActiveMQConnection connection() {
        return connection;
    }

    <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(connection) ? Optional.of(type.cast(connection)) : Optional.empty();
    }

    ConnectionId id() {
        return connection.getConnectionInfo().getConnectionId();
    }

    boolean isOpen() {
        return failure == null && !connection.isClosed();
    }

    /** Throws the reason why this link is of no use any more. */
    void requireOpen() {
        Throwable reason = failure;
        if (reason != null || connection.isClosed()) {
            throw new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the connection to ActiveMQ at " + address + " is lost"
                            + (reason == null ? "" : ": " + VendorErrors.text(reason)),
                    true,
                    reason);
        }
    }

    /** Run on a thread of the vendor's when the link fails. */
    void onFailure(Runnable action) {
        onFailure = action;
    }

    private void failed(Throwable reason) {
        if (failure == null) {
            failure = reason;
        }
        Runnable action = onFailure;
        if (action != null) {
            action.run();
        }
    }

    /** Declares the link broken: the broker owes an answer, and what it does with what it was told is unknown. */
    void giveUp(Throwable reason) {
        failed(reason);
        closeQuietly(connection);
    }

    /** A producer of this link, to be registered at the broker by a request. */
    ProducerInfo newProducer() {
        return new ProducerInfo(session, number());
    }

    /** A consumer of this link, to be registered at the broker by a request. */
    ConsumerInfo newConsumer(ActiveMQDestination of, int prefetch, ActiveMQDispatcher dispatcher) {
        ConsumerInfo consumer = new ConsumerInfo(session, number());
        consumer.setDestination(of);
        consumer.setPrefetchSize(prefetch);
        consumer.setDispatchAsync(true);
        connection.addDispatcher(consumer.getConsumerId(), dispatcher);
        return consumer;
    }

    private long number() {
        return numbers.incrementAndGet();
    }

    /** Asks for a sign of life that every broker gives. */
    void ping(Duration timeout) throws JMSException {
        SessionInfo probe = new SessionInfo(connection.getConnectionInfo(), SESSION + number());
        request(probe, timeout);
        send(probe.createRemoveCommand());
    }

    /** Sends and waits for the broker's answer. */
    void request(Command command, Duration timeout) throws JMSException {
        connection.syncSendPacket(command, (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
    }

    /** Sends; the broker's answer comes to {@code callback}, on the thread that reads from the broker. */
    void request(Command command, AsyncCallback callback) throws JMSException {
        connection.syncSendPacket(command, callback);
    }

    /** Sends and expects no answer. */
    void send(Command command) throws JMSException {
        connection.asyncSendPacket(command);
    }

    /** Begins a transaction of this connection. */
    TransactionId begin() throws JMSException {
        LocalTransactionId transaction = new LocalTransactionId(id(), number());
        send(new TransactionInfo(id(), transaction, TransactionInfo.BEGIN));
        return transaction;
    }

    /**
     * Commits.
     *
     * @return false if the broker had refused a part of it: nothing of it takes place, and it is still to be rolled
     *     back
     */
    boolean commit(TransactionId transaction, Duration timeout) throws JMSException {
        try {
            request(new TransactionInfo(id(), transaction, TransactionInfo.COMMIT_ONE_PHASE), timeout);
            return true;
        } catch (JMSException e) {
            if (ActiveMqTranslator.isRollbackOnly(e)) {
                return false;
            }
            throw e;
        }
    }

    void rollback(TransactionId transaction, Duration timeout) throws JMSException {
        request(new TransactionInfo(id(), transaction, TransactionInfo.ROLLBACK), timeout);
    }

    void close() {
        onFailure = null;
        giveUp(new IOException("closed"));
    }

    private static void closeQuietly(ActiveMQConnection connection) {
        try {
            connection.setCloseTimeout((int) LAST_WORD.toMillis());
            Uninterrupted.run(connection::close);
        } catch (JMSException e) {
            LOG.debug("Could not tell the broker about the end of a connection; it notices by itself", e);
        }
    }
}
