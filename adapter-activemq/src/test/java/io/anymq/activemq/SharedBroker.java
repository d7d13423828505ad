package io.anymq.activemq;

import io.anymq.MessagingClient;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.activemq.ActiveMQConnectionFactory;

/** One real broker of each kind for all tests of this JVM that do not break it; they end with the JVM. */
final class SharedBroker {
    private static final Map<BrokerKind, LocalBroker> STARTED = new EnumMap<>(BrokerKind.class);

    private SharedBroker() {}

    static synchronized LocalBroker of(BrokerKind kind) {
        return STARTED.computeIfAbsent(kind, LocalBrokers::start);
    }

    static MessagingClient client(BrokerKind kind) {
        return MessagingClient.connect(of(kind).url());
    }

    /** A started connection of the vendor's own client. */
    static Connection plain(LocalBroker broker) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory("tcp://" + broker.bootstrap()).createConnection();
        connection.start();
        return connection;
    }
}
