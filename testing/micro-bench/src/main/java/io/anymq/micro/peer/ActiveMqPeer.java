package io.anymq.micro.peer;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.broker.BrokerService;
import org.jspecify.annotations.Nullable;

/**
 * ActiveMQ Classic within the JVM, non-persistent. Sends are asynchronous: by default their outcome is not reported, or
 * each has the broker's confirm, which the client calls back with. The listener's acknowledgements go in batches, as
 * AnyMQ's do.
 */
final class ActiveMqPeer implements Peer {
    private static final String NAME = "micro";

    private final boolean confirmed;
    private @Nullable BrokerService broker;
    private @Nullable Connection connection;
    private @Nullable Session session;
    private @Nullable ActiveMQMessageProducer producer;

    ActiveMqPeer(boolean confirmed) {
        this.confirmed = confirmed;
    }

    @Override
    public void open(Consumer<byte[]> handler) throws Exception {
        BrokerService started = new BrokerService();
        broker = started;
        started.setBrokerName(NAME);
        started.setPersistent(false);
        started.setUseJmx(false);
        started.setUseShutdownHook(false);
        started.setDataDirectoryFile(temporaryFolder());
        started.addConnector("vm://" + NAME);
        started.start();
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://" + NAME + "?create=false");
        factory.setOptimizeAcknowledge(true);
        Connection opened = factory.createConnection();
        connection = opened;
        // a session is one thread's: the sender has its own
        Session receiving = opened.createSession(false, Session.AUTO_ACKNOWLEDGE);
        receiving.createConsumer(receiving.createQueue(NAME)).setMessageListener(message -> handle(message, handler));
        Session sending = opened.createSession(false, Session.AUTO_ACKNOWLEDGE);
        session = sending;
        MessageProducer created = sending.createProducer(sending.createQueue(NAME));
        created.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
        producer = (ActiveMQMessageProducer) created;
        opened.start();
    }

    /** The broker wants one although it writes nothing there. */
    private static java.io.File temporaryFolder() throws java.io.IOException {
        Path folder = Files.createTempDirectory("anymq-micro");
        folder.toFile().deleteOnExit();
        return folder.toFile();
    }

    private static void handle(Message message, Consumer<byte[]> handler) {
        try {
            BytesMessage bytes = (BytesMessage) message;
            byte[] body = new byte[(int) bytes.getBodyLength()];
            bytes.readBytes(body);
            handler.accept(body);
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) throws JMSException {
        BytesMessage message =
                Objects.requireNonNull(session, "call open first").createBytesMessage();
        message.writeBytes(body);
        ActiveMQMessageProducer to = Objects.requireNonNull(producer);
        if (!confirmed) {
            to.send(message);
            return null;
        }
        Confirm confirm = new Confirm();
        to.send(message, confirm);
        return confirm;
    }

    private static final class Confirm extends CompletableFuture<Void> implements AsyncCallback {
        @Override
        public void onSuccess() {
            complete(null);
        }

        @Override
        public void onException(JMSException failure) {
            completeExceptionally(failure);
        }
    }

    @Override
    public void close() throws Exception {
        if (connection != null) {
            connection.close();
        }
        if (broker != null) {
            broker.stop();
            broker.waitUntilStopped();
        }
    }
}
