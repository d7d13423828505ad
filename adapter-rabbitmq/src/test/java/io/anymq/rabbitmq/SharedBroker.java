package io.anymq.rabbitmq;

import com.rabbitmq.client.Connection;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.brokers.RabbitMqNode;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One real broker for all tests of this JVM that do not break it; it ends with the JVM. Also plain vendor clients. */
final class SharedBroker {
    private static final AtomicInteger NAMES = new AtomicInteger();

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

    static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
    }

    static RabbitMqConnection connect(Map<String, String> options) {
        return RabbitMqConnection.open(Contexts.context(url(), options));
    }

    static Connection plain() throws Exception {
        return RabbitMqPlainClient.connect(address());
    }

    /** What rabbitmqctl would do, inside the node. */
    static String control(String expression) {
        return ((RabbitMqNode) Holder.BROKER).eval(expression);
    }

    /** A user with these permissions on the default virtual host. */
    static String urlOfUser(String configure, String write, String read) {
        String user = uniqueName("user");
        control("rabbit_auth_backend_internal:add_user(<<\"" + user + "\">>, <<\"secret\">>, <<\"test\">>)");
        control("rabbit_auth_backend_internal:set_permissions(<<\"" + user + "\">>, <<\"/\">>, <<\"" + configure
                + "\">>, <<\"" + write + "\">>, <<\"" + read + "\">>, <<\"test\">>)");
        return "rabbitmq://" + user + ":secret@" + address();
    }
}
