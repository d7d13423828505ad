package io.anymq.bench.broker;

import io.anymq.bench.arm.Arm;
import io.anymq.bench.arm.RawActiveMqArm;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.util.List;
import org.apache.activemq.ActiveMQConnectionFactory;

/** ActiveMQ Classic with KahaDB, or Artemis; both speak OpenWire. */
final class ActiveMqSettings extends ServerUnderTest {
    private static final String SOCKET_BUFFER = "transport.socketBufferSize";
    /**
     * ActiveMQ's own buffers of 64 KiB are smaller than a segment of the loopback device, so that a sender waits for TCP's
     * shortest timer, 200 ms, whenever such a buffer is full.
     */
    private static final String SOCKET_BUFFER_BYTES = "1048576";

    private final boolean classic;

    /** A connection's commands wait for each other at the broker; while one commits, the other collects. */
    private ActiveMqSettings(
            BrokerKind kind, String title, String rawTitle, int heap, String sends, String connections) {
        super(kind, title, rawTitle, heap, connections);
        classic = kind == BrokerKind.ACTIVEMQ;
        both("prefetch", "1000");
        both("batch", "250");
        both(SOCKET_BUFFER, SOCKET_BUFFER_BYTES);
        vendor("send.connections", connections);
        vendor("sends", sends);
    }

    static ActiveMqSettings classic() {
        String raw = "ActiveMQ's own JMS client with the same guarantees";
        return new ActiveMqSettings(BrokerKind.ACTIVEMQ, "ActiveMQ Classic", raw, 512, "transactions", "2");
    }

    static ActiveMqSettings artemis() {
        String raw = "ActiveMQ's own JMS client, over OpenWire, with the same guarantees";
        return new ActiveMqSettings(BrokerKind.ARTEMIS, "ActiveMQ Artemis", raw, 768, "callbacks", "4");
    }

    @Override
    public BrokerOptions startOptions(Durability durability) {
        BrokerOptions options = super.startOptions(durability);
        return classic ? options.withSetting("connector." + SOCKET_BUFFER, SOCKET_BUFFER_BYTES) : options;
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
