package io.anymq.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.RabbitMqNode;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;

/** The broker that tests share, and the vendor's own clients for it. */
final class SharedBroker {
    private SharedBroker() {}

    private static LocalBroker broker() {
        return SharedBrokers.of(BrokerKind.RABBITMQ);
    }

    static String url() {
        return broker().url();
    }

    static String address() {
        return broker().bootstrap();
    }

    static RabbitMqConnection connect(Map<String, String> options) {
        return RabbitMqConnection.open(SpiContext.of(url(), options));
    }

    static Connection plain() throws Exception {
        return RabbitMqPlainClient.connect(address());
    }

    /** Evaluates in the node, as rabbitmqctl would. */
    static String control(String expression) {
        return ((RabbitMqNode) broker()).eval(expression);
    }

    /** A user with these permissions on the default virtual host. */
    static String urlOfUser(String configure, String write, String read) {
        String user = SpiContext.uniqueName("user");
        control("rabbit_auth_backend_internal:add_user(<<\"" + user + "\">>, <<\"secret\">>, <<\"test\">>)");
        control("rabbit_auth_backend_internal:set_permissions(<<\"" + user + "\">>, <<\"/\">>, <<\"" + configure
                + "\">>, <<\"" + write + "\">>, <<\"" + read + "\">>, <<\"test\">>)");
        return "rabbitmq://" + user + ":secret@" + address();
    }
}
