package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawKafkaArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Apache Kafka: every setting of both arms. */
final class KafkaSettings extends ServerUnderTest {
    private static final String PARTITIONS = "12";
    private static final String FLUSH = "log.flush.interval.messages";

    /**
     * The settings of both arms, by Kafka's names. Socket buffers are left to the system: Kafka's own fixed ones are smaller than a
     * segment on the loopback device, and both arms repeatedly stalled for TCP's 200 ms.
     */
    private static final Map<String, String> PRODUCER = ordered(
            "batch.size", "131072",
            "linger.ms", "0",
            "buffer.memory", "67108864",
            "compression.type", "none",
            "max.in.flight.requests.per.connection", "5",
            "send.buffer.bytes", "-1",
            "receive.buffer.bytes", "-1",
            "request.timeout.ms", "10000");

    private static final Map<String, String> CONSUMER = ordered(
            "isolation.level", "read_committed",
            "max.poll.records", "1000",
            "max.partition.fetch.bytes", "2097152",
            "receive.buffer.bytes", "-1",
            "fetch.min.bytes", "1",
            "fetch.max.wait.ms", "500");

    /** The adapter sets these itself and does not let them be changed; the raw arm must be told. */
    private static final Map<String, String> FIXED_PRODUCER = ordered(
            "acks", "all",
            "enable.idempotence", "true",
            "max.block.ms", "5000",
            "delivery.timeout.ms", "23500",
            "max.request.size", "2097152");

    private static final Map<String, String> FIXED_CONSUMER = ordered(
            "group.protocol", "consumer",
            "enable.auto.commit", "false",
            "auto.offset.reset", "earliest",
            "allow.auto.create.topics", "false");

    private static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    KafkaSettings() {
        super(BrokerKind.KAFKA, "Apache Kafka", "Kafka's own producer and consumer with the same guarantees");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                .withHeapMegabytes(512)
                .withSetting("socket.send.buffer.bytes", "-1")
                .withSetting("socket.receive.buffer.bytes", "-1")
                // The default is 45 s: for that long a dead process would keep its messages.
                .withSetting("group.consumer.session.timeout.ms", "3000");
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("anymq.kafka.partitions", PARTITIONS);
        settings.put("anymq.kafka.group-protocol", "consumer");
        PRODUCER.forEach((key, value) -> settings.put("anymq.kafka.producer." + key, value));
        CONSUMER.forEach((key, value) -> settings.put("anymq.kafka.consumer." + key, value));
        return settings;
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("topic.partitions", PARTITIONS);
        FIXED_PRODUCER.forEach((key, value) -> settings.put("producer." + key, value));
        PRODUCER.forEach((key, value) -> settings.put("producer." + key, value));
        FIXED_CONSUMER.forEach((key, value) -> settings.put("consumer." + key, value));
        CONSUMER.forEach((key, value) -> settings.put("consumer." + key, value));
        return settings;
    }

    @Override
    public List<Setting> parity() {
        List<Setting> rows = rows(PARTITIONS);
        FIXED_PRODUCER.forEach((key, value) -> rows.add(new Setting("producer " + key, "set by the adapter", value)));
        PRODUCER.forEach((key, value) -> rows.add(Setting.both("producer " + key, value)));
        FIXED_CONSUMER.forEach((key, value) -> rows.add(new Setting("consumer " + key, "set by the adapter", value)));
        CONSUMER.forEach((key, value) -> rows.add(Setting.both("consumer " + key, value)));
        return rows;
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Node node = admin.describeCluster()
                    .nodes()
                    .get(20, TimeUnit.SECONDS)
                    .iterator()
                    .next();
            ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
            Config config = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(20, TimeUnit.SECONDS)
                    .get(resource);
            ConfigEntry flush = config == null ? null : config.get(FLUSH);
            boolean flushesEach = flush != null && "1".equals(flush.value());
            return flushesEach == (durability == Durability.POWER)
                    ? List.of()
                    : List.of(FLUSH + " is " + (flush == null ? "not set" : flush.value())
                            + ", which is not durability " + durability);
        }
    }

    @Override
    public Arm rawArm() {
        return new RawKafkaArm();
    }
}
