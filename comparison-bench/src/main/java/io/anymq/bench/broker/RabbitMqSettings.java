package io.anymq.bench.broker;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawRabbitMqArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** RabbitMQ: every setting of both arms. The queue's type decides the durability. */
final class RabbitMqSettings extends ServerUnderTest {
    private static final String LANES = "8";
    private static final String HEARTBEAT_SECONDS = "10";

    RabbitMqSettings() {
        super(BrokerKind.RABBITMQ, "RabbitMQ", "RabbitMQ's own Java client with the same guarantees");
    }

    private static String queueType(Durability durability) {
        return durability == Durability.POWER ? "quorum" : "classic";
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        return Map.of(
                "anymq.rabbitmq.lanes",
                LANES,
                "anymq.rabbitmq.heartbeat",
                HEARTBEAT_SECONDS + "s",
                "anymq.rabbitmq.queue-type",
                queueType(durability));
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        return new TreeMap<>(Map.of(
                "lanes",
                LANES,
                "heartbeat",
                HEARTBEAT_SECONDS,
                RawRabbitMqArm.METADATA,
                "full",
                "queue-type",
                queueType(durability)));
    }

    @Override
    public List<Setting> parity() {
        return rows(LANES, HEARTBEAT_SECONDS);
    }

    /** The server has no setting for it; this checks that it creates queues of the type. */
    @Override
    public List<String> verify(String bootstrap, Durability durability) throws Exception {
        String name = "bench-check-" + UUID.randomUUID();
        try (Connection connection = RawRabbitMqArm.connect(bootstrap, HEARTBEAT_SECONDS, "bench-check");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(name, true, false, false, Map.of("x-queue-type", queueType(durability)));
            channel.queueDelete(name);
            return List.of();
        }
    }

    @Override
    public Arm rawArm() {
        return new RawRabbitMqArm();
    }
}
