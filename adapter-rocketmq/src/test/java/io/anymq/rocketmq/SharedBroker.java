package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;

/** One real broker for all tests of this JVM that do not break it; it ends with the JVM. */
final class SharedBroker {

    private SharedBroker() {}

    private static final class Holder {
        static final LocalBroker BROKER = LocalBrokers.start(BrokerKind.ROCKETMQ);
        static final RocketMqPlainClient PLAIN = new RocketMqPlainClient(BROKER.bootstrap());
    }

    static RocketMqConnection connect(Map<String, String> options) {
        return RocketMqConnection.open(SpiContext.of(Holder.BROKER.url(), options));
    }

    /** {@code host:port} of the name server. */
    static String nameServer() {
        return Holder.BROKER.bootstrap();
    }

    static RocketMqPlainClient plain() {
        return Holder.PLAIN;
    }
}
