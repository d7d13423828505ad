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

/** RabbitMQ: every setting of both arms. The queue's type is what decides about durability. */
final class RabbitMqSettings extends ServerUnderTest {
    private static final String LANES = "8";
    private static final String HEARTBEAT_SECONDS = "10";

    RabbitMqSettings() {
        super(BrokerKind.RABBITMQ, "RabbitMQ", "RabbitMQ's own Java client with the same promises");
    }

    private static String queueType(Durability durability) {
        return durability == Durability.POWER ? "quorum" : "classic";
    }

    @Override
    public Map<String, String> anymqSettings() {
        return Map.of("anymq.rabbitmq.lanes", LANES, "anymq.rabbitmq.heartbeat", HEARTBEAT_SECONDS + "s");
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
    public Map<String, String> vendorSettings() {
        return Map.of("lanes", LANES, "heartbeat", HEARTBEAT_SECONDS, RawRabbitMqArm.METADATA, "full");
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        Map<String, String> settings = new TreeMap<>(vendorSettings());
        settings.put("queue-type", queueType(durability));
        return settings;
    }

    @Override
    public List<Setting> parity() {
        return List.of(
                Setting.both("queues", LANES + ", durable, each with a single active consumer"),
                Setting.both("queue type", "quorum for durability power, classic for process"),
                Setting.both("delivery limit, dead letter", "1,000,000; to a backstop queue, at least once (quorum)"),
                Setting.both("key to queue", "first byte of the CRC-32 of the key's UTF-8 bytes"),
                Setting.both("connections", "one for publishing, one for consuming"),
                Setting.both("publishing", "persistent, mandatory, confirms, asynchronous, one channel"),
                Setting.both("consuming", "a channel for each queue"),
                Setting.both("prefetch for each queue", "an eighth of twice the window, at least 32"),
                Setting.both("heartbeat", HEARTBEAT_SECONDS + " s"),
                new Setting(
                        "acknowledgements",
                        "contiguous prefix as one; when a quarter of the prefetch is done or every 5 ms, for all queues at the"
                                + " same time; behind a gap after 100 ms, singly",
                        "contiguous prefix as one; when a quarter of the prefetch is done or 5 ms have passed"),
                new Setting(
                        "properties",
                        "message-id, content-type, timestamp; headers mq-key and mq-sent-at",
                        "message-id, content-type, timestamp; header key (none but the header with --raw"
                                + " rabbitmq.metadata=none)"),
                new Setting(
                        "callbacks of deliveries",
                        "on the connection's thread, handed to the engine's",
                        "on the client's own pool, handed to the handlers"),
                new Setting(
                        "order",
                        "per key, on the consumer's handler pool",
                        "per key, a queue per handler thread by hash"),
                new Setting(
                        "retry, dead letter",
                        "default policies: 5 attempts, then dead letter",
                        "none (no handler fails here)"));
    }

    @Override
    public String guarantee(Durability durability) {
        return switch (durability) {
            case PROCESS ->
                "A confirmed message survives the death of the broker's process: durable classic queues, persistent"
                        + " messages, written to the operating system.";
            case POWER ->
                "A confirmed message survives a power cut: quorum queues of one member, whose log is flushed to the disk"
                        + " before the confirm.";
        };
    }

    /** The server has no setting for it; that it makes queues of the type is all there is to ask. */
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
