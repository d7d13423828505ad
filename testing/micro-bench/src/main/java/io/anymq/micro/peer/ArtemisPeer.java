package io.anymq.micro.peer;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMConnectorFactory;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.jspecify.annotations.Nullable;

/**
 * Artemis within the JVM, over its own client and in-VM connector, without a journal. Sends do not block, which is the
 * client's default for messages that are not durable: their outcome is not reported, or each has the server's confirm,
 * which the client calls back with. Acknowledgements go in batches of 1 MiB, its default, too.
 */
final class ArtemisPeer implements Peer {
    private static final String NAME = "micro";

    /** More than is ever in flight, so that no sender waits for credit. */
    private static final int CREDIT_BYTES = 10 * 1024 * 1024;

    private final boolean confirmed;
    private @Nullable ActiveMQServer server;
    private @Nullable ServerLocator locator;
    private @Nullable ClientSession sending;
    private @Nullable ClientProducer producer;

    ArtemisPeer(boolean confirmed) {
        this.confirmed = confirmed;
    }

    @Override
    public void open(Consumer<byte[]> handler) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(false)
                .addAcceptorConfiguration(new TransportConfiguration(InVMAcceptorFactory.class.getName()));
        ActiveMQServer started = ActiveMQServers.newActiveMQServer(configuration);
        server = started;
        started.start();
        ServerLocator opened = ActiveMQClient.createServerLocatorWithoutHA(
                new TransportConfiguration(InVMConnectorFactory.class.getName()));
        locator = opened;
        opened.setProducerWindowSize(CREDIT_BYTES).setConsumerWindowSize(CREDIT_BYTES);
        if (confirmed) {
            opened.setConfirmationWindowSize(CREDIT_BYTES);
        }
        ClientSession receiving = opened.createSessionFactory().createSession();
        receiving.createQueue(
                QueueConfiguration.of(NAME).setRoutingType(RoutingType.ANYCAST).setDurable(false));
        receiving.createConsumer(NAME).setMessageHandler(message -> handle(message, handler));
        receiving.start();
        ClientSessionFactory factory = opened.createSessionFactory();
        ClientSession session = factory.createSession();
        sending = session;
        producer = session.createProducer(NAME);
    }

    private static void handle(ClientMessage message, Consumer<byte[]> handler) {
        ActiveMQBuffer buffer = message.getBodyBuffer();
        byte[] body = new byte[buffer.readableBytes()];
        buffer.readBytes(body);
        handler.accept(body);
        try {
            message.acknowledge();
        } catch (ActiveMQException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public @Nullable CompletableFuture<?> send(String key, byte[] body) throws ActiveMQException {
        ClientMessage message =
                Objects.requireNonNull(sending, "call open first").createMessage(false);
        message.getBodyBuffer().writeBytes(body);
        ClientProducer to = Objects.requireNonNull(producer);
        if (!confirmed) {
            to.send(message);
            return null;
        }
        CompletableFuture<Void> confirm = new CompletableFuture<>();
        to.send(message, stored -> confirm.complete(null));
        return confirm;
    }

    @Override
    public void close() throws Exception {
        if (locator != null) {
            locator.close();
        }
        if (server != null) {
            server.stop();
        }
    }
}
