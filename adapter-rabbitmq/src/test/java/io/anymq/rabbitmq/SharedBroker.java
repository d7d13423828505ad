package io.anymq.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.RabbitMqNode;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;

/** One real broker for all tests of this JVM that do not break it; it ends with the JVM. Also plain vendor clients. */
final class SharedBroker {

    private SharedBroker() {}

    private static final class Holder {
        static final LocalBroker BROKER = LocalBrokers.start(BrokerKind.RABBITMQ);
    }

    static String url() {
        return Holder.BROKER.url();
    }

    static String address() {
        return Holder.BROKER.bootstrap();
    }

    static RabbitMqConnection connect(Map<String, String> options) {
        return RabbitMqConnection.open(SpiContext.of(url(), options));
    }

    static Connection plain() throws Exception {
        return RabbitMqPlainClient.connect(address());
    }

    /** Evaluates in the node, as rabbitmqctl would. */
    static String control(String expression) {
        return ((RabbitMqNode) Holder.BROKER).eval(expression);
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
