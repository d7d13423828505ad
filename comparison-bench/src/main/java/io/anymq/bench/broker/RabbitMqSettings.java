package io.anymq.bench.broker;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawRabbitMqArm;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.Durability;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** RabbitMQ: every setting of both arms. The queue's type decides the durability. */
final class RabbitMqSettings extends ServerUnderTest {
    private static final String LANES = "8";
    private static final String HEARTBEAT_SECONDS = "10";

    RabbitMqSettings() {
        super(
                BrokerKind.RABBITMQ,
                "RabbitMQ",
                "RabbitMQ's own Java client with the same guarantees",
                256,
                LANES,
                HEARTBEAT_SECONDS);
        anymq("lanes", LANES);
        vendor("lanes", LANES);
        anymq("heartbeat", HEARTBEAT_SECONDS + "s");
        vendor("heartbeat", HEARTBEAT_SECONDS);
        vendor(RawRabbitMqArm.METADATA, "full");
    }

    private static String queueType(Durability durability) {
        return durability == Durability.POWER ? "quorum" : "classic";
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        Map<String, String> settings = super.anymqSettings(durability);
        settings.put("anymq.rabbitmq.queue-type", queueType(durability));
        return settings;
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        Map<String, String> settings = super.vendorSettings(durability);
        settings.put("queue-type", queueType(durability));
        return settings;
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
