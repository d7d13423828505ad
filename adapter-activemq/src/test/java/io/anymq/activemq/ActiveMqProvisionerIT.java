package io.anymq.activemq;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import io.anymq.tck.brokers.ProvisionerContract;
import io.anymq.tck.direct.SpiContext;
import jakarta.jms.Session;
import java.util.List;
import java.util.Map;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Provisioning at both servers, with delays at the broker and in queues of AnyMQ's own. */
class ActiveMqProvisionerIT extends ProvisionerContract {
    @Override
    protected List<Setup> setups() {
        return List.of(
                new Setup(BrokerKind.ACTIVEMQ, Map.of()),
                new Setup(BrokerKind.ACTIVEMQ, Map.of(ActiveMqConfig.DELAY, "emulated")),
                new Setup(BrokerKind.ARTEMIS, Map.of()),
                new Setup(BrokerKind.ARTEMIS, Map.of(ActiveMqConfig.DELAY, "emulated")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return ActiveMqConnection.open(context);
    }

    /** Both servers create what is missing when it is used. */
    @Override
    protected boolean looksBeforeItOpens() {
        return false;
    }

    @Override
    protected boolean comparesWhenItOpens() {
        return false;
    }

    /** Classic refuses. */
    @Override
    protected boolean deletesUnderConsumers(Setup setup) {
        return setup.kind() != BrokerKind.ACTIVEMQ;
    }

    @Override
    protected void delete(Setup setup, Address address) throws Exception {
        String queue = address instanceof Address.OfQueue of ? of.queue().name() : null;
        String topic = address instanceof Address.OfTopic of
                ? "VirtualTopic." + of.topic().name()
                : null;
        try (ActiveMQConnection plain = (ActiveMQConnection) SharedBroker.plain(SharedBroker.of(setup.kind()));
                Session session = plain.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            if (setup.kind() == BrokerKind.ACTIVEMQ) {
                plain.destroyDestination(queue == null ? new ActiveMQTopic(topic) : new ActiveMQQueue(queue));
            } else if (queue == null) {
                ActiveMqPlainClient.manage(session, "deleteAddress", "[\"" + topic + "\"]");
            } else {
                ActiveMqPlainClient.manage(session, "destroyQueue", "[\"" + queue + "\"]");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aQueueMadeElsewhereIsDeclaredByTheFirstThatMayCreate(Setup setup) throws Exception {
        ActiveMqPlainClient plain =
                new ActiveMqPlainClient(SharedBroker.of(setup.kind()).bootstrap(), setup.kind() == BrokerKind.ARTEMIS);
        String name = plain.createQueue(SpiContext.uniqueName("made"));
        Address perKey = new Address.OfQueue(Queue.of("made"), name);
        Address unordered = new Address.OfQueue(Queue.of("made").unordered(), name);
        connected(setup, first -> {
            first.provision(unordered, ProvisionMode.VALIDATE);
            first.provision(perKey, ProvisionMode.VALIDATE);
            first.provision(perKey, ProvisionMode.CREATE);
        });
        connected(setup, second -> {
            fails(
                    ErrorCode.MISMATCH,
                    "declared by client '",
                    () -> second.provision(unordered, ProvisionMode.VALIDATE));
            fails(
                    ErrorCode.MISMATCH,
                    "anymq.declaration." + name,
                    () -> second.provision(unordered, ProvisionMode.CREATE));
        });
    }
}
