package io.anymq.brokers;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.time.Duration;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Asks an ActiveMQ broker, in OpenWire, whether it is ready. */
final class ActiveMqProbe {
    private static final int ATTEMPT_MILLIS = 2_000;

    private ActiveMqProbe() {}

    /** Whether it takes a connection, or refuses the probe by name: both are answers. */
    static boolean answers(String address) {
        if (!TcpProbe.accepts(address, ATTEMPT_MILLIS)) {
            return false;
        }
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("tcp://" + address
                + "?connectionTimeout=" + ATTEMPT_MILLIS + "&soTimeout=" + ATTEMPT_MILLIS
                + "&wireFormat.maxInactivityDuration=0");
        factory.setConnectResponseTimeout(ATTEMPT_MILLIS);
        factory.setCloseTimeout(ATTEMPT_MILLIS);
        factory.setWatchTopicAdvisories(false);
        try (Connection connection = factory.createConnection()) {
            connection.start();
            return true;
        } catch (JMSSecurityException e) {
            return true;
        } catch (JMSException e) {
            return e.getCause() instanceof SecurityException;
        }
    }

    static void awaitAnswer(String address, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            if (answers(address)) {
                return;
            }
            Pause.between();
        } while (System.nanoTime() < deadline);
        throw new LocalBrokerException("no ActiveMQ broker answered in OpenWire at " + address + " within "
                + timeout.toSeconds() + " s; check that it runs and that this is its OpenWire port");
    }
}
