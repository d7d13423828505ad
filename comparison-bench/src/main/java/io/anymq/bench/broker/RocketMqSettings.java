package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawRocketMqArm;
import io.anymq.bench.arm.RocketMqServers;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.List;

/** Apache RocketMQ: every setting of both arms. */
final class RocketMqSettings extends ServerUnderTest {
    private static final String QUEUES = "8";
    private static final String FLUSH = "flushDiskType";

    RocketMqSettings() {
        super(
                BrokerKind.ROCKETMQ,
                "Apache RocketMQ",
                "RocketMQ's own DefaultMQProducer and DefaultLitePullConsumer with the same guarantees",
                512,
                QUEUES);
        anymq("queues", QUEUES);
        vendor("topic.queues", QUEUES);
        vendor("batch.messages", "1000");
        vendor("batch.bytes", "1048576");
        vendor("send.timeout.ms", "10000");
        vendor("pull.batch.size", "64");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                // As large as in production; small ones would roll over several times a second.
                .withSetting("mappedFileSizeCommitLog", "268435456")
                .withSetting("autoCreateSubscriptionGroup", "true");
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) throws Exception {
        String wanted = durability == Durability.POWER ? "SYNC_FLUSH" : "ASYNC_FLUSH";
        String found = RocketMqServers.settings(bootstrap).getProperty(FLUSH);
        return wanted.equals(found) ? List.of() : difference(FLUSH, found, durability);
    }

    @Override
    public Arm rawArm() {
        return new RawRocketMqArm();
    }
}
