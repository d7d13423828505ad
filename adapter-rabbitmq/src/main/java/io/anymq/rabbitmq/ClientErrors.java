package io.anymq.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.ExceptionHandler;
import com.rabbitmq.client.TopologyRecoveryException;
import io.anymq.spi.support.GatheringSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is thrown on the client library's threads, and keeps their channels open. Thread-safe. */
final class ClientErrors implements ExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ClientErrors.class);

    private final GatheringSocket socket;

    ClientErrors(GatheringSocket socket) {
        this.socket = socket;
    }

    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable exception) {
        LOG.debug("The connection {} failed; its link reports that and reconnects", connection, exception);
        // closing flushes first, and would wait for a thread that is stuck in writing
        socket.abort();
    }

    @Override
    public void handleReturnListenerException(Channel channel, Throwable exception) {
        report(channel, "return listener", exception);
    }

    @Override
    public void handleConfirmListenerException(Channel channel, Throwable exception) {
        report(channel, "confirm listener", exception);
    }

    @Override
    public void handleBlockedListenerException(Connection connection, Throwable exception) {
        report(connection, "blocked listener", exception);
    }

    @Override
    public void handleConsumerException(
            Channel channel, Throwable exception, Consumer consumer, String consumerTag, String methodName) {
        report(channel, "consumer " + consumerTag, exception);
    }

    @Override
    public void handleConnectionRecoveryException(Connection connection, Throwable exception) {
        report(connection, "recovery of the connection", exception);
    }

    @Override
    public void handleChannelRecoveryException(Channel channel, Throwable exception) {
        report(channel, "recovery of the channel", exception);
    }

    @Override
    public void handleTopologyRecoveryException(
            Connection connection, Channel channel, TopologyRecoveryException exception) {
        report(connection, "recovery of the topology", exception);
    }

    private static void report(Object where, String what, Throwable exception) {
        LOG.error("The {} of {} threw an exception; it stays open", what, where, exception);
    }
}
