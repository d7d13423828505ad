package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawRocketMqArm;
import io.anymq.bench.arm.RocketMqServers;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Apache RocketMQ: every setting of both arms. */
final class RocketMqSettings extends ServerUnderTest {
    private static final String QUEUES = "8";
    private static final String FLUSH = "flushDiskType";

    RocketMqSettings() {
        super(
                BrokerKind.ROCKETMQ,
                "Apache RocketMQ",
                "RocketMQ's own DefaultMQProducer and DefaultLitePullConsumer with the same guarantees");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                .withHeapMegabytes(512)
                // As large as in production; small ones would roll over several times a second.
                .withSetting("mappedFileSizeCommitLog", "268435456")
                .withSetting("autoCreateSubscriptionGroup", "true");
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        return Map.of("anymq.rocketmq.queues", QUEUES);
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("topic.queues", QUEUES);
        settings.put("batch.messages", "1000");
        settings.put("batch.bytes", "1048576");
        settings.put("send.timeout.ms", "10000");
        settings.put("pull.batch.size", "64");
        return settings;
    }

    @Override
    public List<Setting> parity() {
        return rows(QUEUES);
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) throws Exception {
        String wanted = durability == Durability.POWER ? "SYNC_FLUSH" : "ASYNC_FLUSH";
        String found = RocketMqServers.settings(bootstrap).getProperty(FLUSH);
        return wanted.equals(found)
                ? List.of()
                : List.of(FLUSH + " is " + found + ", which is not durability " + durability);
    }

    @Override
    public Arm rawArm() {
        return new RawRocketMqArm();
    }
}
