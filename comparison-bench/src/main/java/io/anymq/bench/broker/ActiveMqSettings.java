package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawActiveMqArm;
import io.anymq.bench.result.BrokerInfo.Setting;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.activemq.ActiveMQConnectionFactory;

/** ActiveMQ Classic with KahaDB, or Artemis; both speak OpenWire. */
final class ActiveMqSettings extends ServerUnderTest {
    private static final String SOCKET_BUFFER = "transport.socketBufferSize";

    private static final String SOCKET_BUFFER_BYTES = "1048576";

    /**
     * The settings of both arms and both servers. ActiveMQ's own buffers of 64 KiB are smaller than a segment of the loopback
     * device, so that a sender waits for TCP's shortest timer, 200 ms, whenever such a buffer is full.
     */
    private static final Map<String, String> BOTH =
            Map.of("prefetch", "1000", "batch", "250", SOCKET_BUFFER, SOCKET_BUFFER_BYTES);

    private final boolean classic;
    private final String sends;

    /** A connection's commands wait for each other at the broker; while one commits, the other collects. */
    private final String connections;

    private ActiveMqSettings(BrokerKind kind, String title, String rawTitle, String sends, String connections) {
        super(kind, title, rawTitle);
        classic = kind == BrokerKind.ACTIVEMQ;
        this.sends = sends;
        this.connections = connections;
    }

    static ActiveMqSettings classic() {
        String raw = "ActiveMQ's own JMS client with the same guarantees";
        return new ActiveMqSettings(BrokerKind.ACTIVEMQ, "ActiveMQ Classic", raw, "transactions", "2");
    }

    static ActiveMqSettings artemis() {
        String raw = "ActiveMQ's own JMS client, over OpenWire, with the same guarantees";
        return new ActiveMqSettings(BrokerKind.ARTEMIS, "ActiveMQ Artemis", raw, "callbacks", "4");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        BrokerOptions options = super.startOptions(durability);
        return classic
                ? options.withHeapMegabytes(512).withSetting("connector." + SOCKET_BUFFER, SOCKET_BUFFER_BYTES)
                : options.withHeapMegabytes(768);
    }

    @Override
    public Map<String, String> anymqSettings(Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        BOTH.forEach((key, value) -> settings.put("anymq.activemq." + key, value));
        return settings;
    }

    @Override
    public Map<String, String> vendorSettings(Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>(BOTH);
        settings.put("send.connections", connections);
        settings.put("sends", sends);
        return settings;
    }

    @Override
    public List<Setting> parity() {
        List<Setting> rows = rows(connections);
        BOTH.forEach((key, value) -> rows.add(Setting.both(key, value)));
        return rows;
    }

    /** KahaDB either waits for the disk or for nothing. */
    @Override
    public boolean confirmsOutliveAKill(Durability durability) {
        return !classic || durability != Durability.PROCESS;
    }

    /** OpenWire cannot ask for the durability itself; it is in the started broker's description. */
    @Override
    public List<String> verify(String bootstrap, Durability durability) {
        try (Connection connection = new ActiveMQConnectionFactory("tcp://" + bootstrap).createConnection()) {
            connection.start();
            return List.of();
        } catch (JMSException e) {
            return List.of("the broker does not answer over OpenWire: " + e.getMessage());
        }
    }

    @Override
    public Arm rawArm() {
        return new RawActiveMqArm();
    }
}
