package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawRocketMqArm;
import io.anymq.bench.arm.RocketMqServers;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.ArrayList;
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
                "RocketMQ's own DefaultMQProducer and DefaultLitePullConsumer with the same promises");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                .withHeapMegabytes(512)
                // Of the size that a broker in use has; small ones would be changed several times a second.
                .withSetting("mappedFileSizeCommitLog", "268435456")
                .withSetting("autoCreateSubscriptionGroup", "true");
    }

    @Override
    public Map<String, String> anymqSettings() {
        return Map.of("anymq.rocketmq.queues", QUEUES);
    }

    @Override
    public Map<String, String> vendorSettings() {
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
        List<Setting> rows = new ArrayList<>();
        rows.add(Setting.both("message queues", QUEUES + ", on one broker"));
        rows.add(Setting.both("key to message queue", "SelectMessageQueueByHash over the key"));
        rows.add(Setting.both(
                "order of a key",
                "one request under way to each message queue; what comes meanwhile goes together in the next,"
                        + " up to 1,000 messages or 1 MiB"));
        rows.add(new Setting(
                "properties",
                "id, key, content type and time of sending",
                "key (and the unique key that the client adds)"));
        rows.add(new Setting("receiving", "one long poll for each message queue", "the lite pull consumer's own"));
        rows.add(new Setting(
                "ownership",
                "message queues locked at the broker, a mark written when taken and given up",
                "assigned by hand, neither shared nor locked"));
        rows.add(new Setting(
                "commit",
                "contiguous prefix, at most every 100 ms, asynchronously, and on close",
                "contiguous prefix, at most every 100 ms, and on close"));
        rows.add(new Setting(
                "order of handling",
                "per key, on the consumer's handler pool",
                "per key, a queue per handler thread by key hash"));
        rows.add(new Setting(
                "retry, dead letter",
                "default policies: 5 attempts, then dead letter",
                "none (no handler fails here)"));
        return rows;
    }

    @Override
    public String guarantee(Durability durability) {
        return switch (durability) {
            case PROCESS ->
                "A confirmed message survives the death of the broker's process: SEND_OK with ASYNC_FLUSH on one"
                        + " master, written to the operating system, not flushed to disk.";
            case POWER -> "A confirmed message survives a power cut: SEND_OK with SYNC_FLUSH on one master.";
        };
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
