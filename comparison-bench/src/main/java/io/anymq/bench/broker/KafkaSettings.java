package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawKafkaArm;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
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
     * Socket buffers are left to the system: Kafka's own fixed ones are smaller than a segment on the loopback device, and both
     * arms repeatedly stalled for TCP's 200 ms.
     */
    KafkaSettings() {
        super(
                BrokerKind.KAFKA,
                "Apache Kafka",
                "Kafka's own producer and consumer with the same guarantees",
                512,
                PARTITIONS);
        anymq("partitions", PARTITIONS);
        vendor("topic.partitions", PARTITIONS);
        raw("producer.acks", "all");
        raw("producer.enable.idempotence", "true");
        raw("producer.max.block.ms", "5000");
        raw("producer.delivery.timeout.ms", "23500");
        raw("producer.max.request.size", "2097152");
        both("producer.batch.size", "131072");
        both("producer.linger.ms", "0");
        both("producer.buffer.memory", "67108864");
        both("producer.compression.type", "none");
        both("producer.max.in.flight.requests.per.connection", "5");
        both("producer.send.buffer.bytes", "-1");
        both("producer.receive.buffer.bytes", "-1");
        both("producer.request.timeout.ms", "10000");
        anymq("group-protocol", "consumer");
        raw("consumer.group.protocol", "consumer");
        raw("consumer.enable.auto.commit", "false");
        raw("consumer.auto.offset.reset", "earliest");
        raw("consumer.allow.auto.create.topics", "false");
        both("consumer.isolation.level", "read_committed");
        both("consumer.max.poll.records", "1000");
        both("consumer.max.partition.fetch.bytes", "2097152");
        both("consumer.receive.buffer.bytes", "-1");
        both("consumer.fetch.min.bytes", "1");
        both("consumer.fetch.max.wait.ms", "500");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                .withSetting("socket.send.buffer.bytes", "-1")
                .withSetting("socket.receive.buffer.bytes", "-1");
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
            ConfigEntry entry = config == null ? null : config.get(FLUSH);
            String flush = entry == null ? "not set" : String.valueOf(entry.value());
            return flush.equals("1") == (durability == Durability.POWER)
                    ? List.of()
                    : difference(FLUSH, flush, durability);
        }
    }

    @Override
    public Arm rawArm() {
        return new RawKafkaArm();
    }
}
