package io.anymq.activemq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.util.List;
import java.util.Optional;

/** Messages of any type, content, properties and fields; content that is none to Classic alone, which does not look. */
class ActiveMqStoredMessagesIT extends StoredMessagesContract {
    @Override
    protected List<BrokerKind> kinds() {
        return List.of(BrokerKind.ACTIVEMQ, BrokerKind.ARTEMIS);
    }

    private static boolean isArtemis(LocalBroker broker) {
        return broker.kind() == BrokerKind.ARTEMIS;
    }

    private static ActiveMqPlainClient plain(LocalBroker broker) {
        return new ActiveMqPlainClient(broker.bootstrap(), isArtemis(broker));
    }

    @Override
    protected MutableMessages<?> messages(LocalBroker broker) throws Exception {
        return new ActiveMqMutable(broker, plain(broker), isArtemis(broker));
    }

    @Override
    protected ForeignMessages foreign(LocalBroker broker) {
        return new ActiveMqForeign(plain(broker));
    }

    @Override
    protected Optional<MalformedMessages> malformed(LocalBroker broker) {
        return Optional.of(new ActiveMqMalformed(plain(broker), isArtemis(broker)));
    }

    @Override
    protected String page() {
        return "activemq.md";
    }
}
