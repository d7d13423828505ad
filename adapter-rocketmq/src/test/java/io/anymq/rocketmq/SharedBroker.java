package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;

/** The broker that tests share, and the vendor's own client for it. */
final class SharedBroker {
    private SharedBroker() {}

    private static final class Holder {
        static final RocketMqPlainClient PLAIN = new RocketMqPlainClient(nameServer());
    }

    static RocketMqConnection connect(Map<String, String> options) {
        return RocketMqConnection.open(
                SpiContext.of(SharedBrokers.of(BrokerKind.ROCKETMQ).url(), options));
    }

    /** {@code host:port} of the name server. */
    static String nameServer() {
        return SharedBrokers.of(BrokerKind.ROCKETMQ).bootstrap();
    }

    static RocketMqPlainClient plain() {
        return Holder.PLAIN;
    }
}
