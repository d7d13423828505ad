package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawActiveMqArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.activemq.ActiveMQConnectionFactory;

/** ActiveMQ Classic with KahaDB. */
public final class ActiveMqSettings extends ServerUnderTest {
    private static final String SOCKET_BUFFER = "transport.socketBufferSize";

    private static final String SOCKET_BUFFER_BYTES = "1048576";

    /**
     * What both arms of both servers are set to. ActiveMQ's own buffers of 64 KiB are smaller than a segment of the loopback
     * device, so that a sender waits for TCP's shortest timer, 200 ms, whenever such a buffer is full.
     */
    static final Map<String, String> BOTH =
            Map.of("prefetch", "1000", "batch", "250", SOCKET_BUFFER, SOCKET_BUFFER_BYTES);

    /** A connection's commands wait for each other at the broker; while one commits, the other collects. */
    private static final String CONNECTIONS = "2";

    ActiveMqSettings() {
        super(BrokerKind.ACTIVEMQ, "ActiveMQ Classic", "ActiveMQ's own JMS client with the same promises");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        return super.startOptions(durability)
                .withHeapMegabytes(512)
                .withSetting("connector." + SOCKET_BUFFER, SOCKET_BUFFER_BYTES);
    }

    @Override
    public Map<String, String> anymqSettings() {
        return prefixed();
    }

    static Map<String, String> prefixed() {
        Map<String, String> settings = new LinkedHashMap<>();
        BOTH.forEach((key, value) -> settings.put("anymq.activemq." + key, value));
        return settings;
    }

    @Override
    public Map<String, String> vendorSettings() {
        return vendor("transactions", CONNECTIONS);
    }

    static Map<String, String> vendor(String sends, String connections) {
        Map<String, String> settings = new LinkedHashMap<>(BOTH);
        settings.put("send.connections", connections);
        settings.put("sends", sends);
        return settings;
    }

    @Override
    public List<Setting> parity() {
        return rows("what has come together in one transaction, a lone one without", CONNECTIONS);
    }

    static List<Setting> rows(String sends, String connections) {
        List<Setting> rows = new ArrayList<>();
        rows.add(Setting.both("messages", "persistent bytes messages"));
        rows.add(Setting.both("sends", sends));
        rows.add(Setting.both("key to group", "256 message groups by the key's hash code"));
        rows.add(Setting.both("settlement", "individual acknowledgement, sent without waiting for the broker"));
        rows.add(new Setting(
                "connections",
                "one for sending, one for receiving",
                connections + " for sending, each with its share of the groups, one for receiving"));
        rows.add(new Setting(
                "properties",
                "mq-id, mq-key, mq-content-type, group",
                "key and group: a plain client has no use for more"));
        rows.add(new Setting(
                "order", "per key, on the consumer's handler pool", "per key, a queue per handler thread by key hash"));
        rows.add(new Setting(
                "retry, dead letter",
                "default policies: 5 attempts, then dead letter",
                "none (no handler fails here)"));
        BOTH.forEach((key, value) -> rows.add(Setting.both(key, value)));
        return rows;
    }

    /** KahaDB has no way between waiting for the disk and waiting for nothing. */
    @Override
    public boolean confirmsOutliveAKill(Durability durability) {
        return durability != Durability.PROCESS;
    }

    @Override
    public String guarantee(Durability durability) {
        return switch (durability) {
            case PROCESS ->
                "journalDiskSyncStrategy=periodic: KahaDB confirms when its writer thread has the message, which hands it to"
                        + " the operating system at once; a kill in that instant can lose a confirmed message.";
            case POWER ->
                "A confirmed message survives a power cut: KahaDB forces its journal to the disk before it confirms, once"
                        + " for a transaction.";
        };
    }

    @Override
    public List<String> verify(String bootstrap, Durability durability) throws Exception {
        return answers(bootstrap);
    }

    /** The durability itself cannot be asked for in OpenWire; it is in the started broker's description. */
    static List<String> answers(String bootstrap) {
        try (Connection connection = new ActiveMQConnectionFactory("tcp://" + bootstrap).createConnection()) {
            connection.start();
            return List.of();
        } catch (JMSException e) {
            return List.of("the broker gives no OpenWire answer: " + e.getMessage());
        }
    }

    @Override
    public Arm rawArm() {
        return new RawActiveMqArm();
    }
}
