package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One real broker for all tests of this JVM that do not break it; it ends with the JVM. */
final class SharedBroker {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private SharedBroker() {}

    private static final class Holder {
        static final LocalBroker BROKER = LocalBrokers.start(BrokerKind.ROCKETMQ);
        static final RocketMqPlainClient PLAIN = new RocketMqPlainClient(BROKER.bootstrap());
    }

    static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
    }

    static RocketMqConnection connect(Map<String, String> options) {
        return RocketMqConnection.open(Contexts.context(Holder.BROKER.url(), options));
    }

    static RocketMqPlainClient plain() {
        return Holder.PLAIN;
    }
}
