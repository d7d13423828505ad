package io.anymq.activemq;

import io.anymq.MessagingClient;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.brokers.SharedBrokers;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import org.apache.activemq.ActiveMQConnectionFactory;

/** The brokers that tests share, and the vendor's own client for them. */
final class SharedBroker {
    private SharedBroker() {}

    static LocalBroker of(BrokerKind kind) {
        return SharedBrokers.of(kind);
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
