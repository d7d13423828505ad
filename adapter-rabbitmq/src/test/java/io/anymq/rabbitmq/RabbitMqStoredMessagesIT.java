package io.anymq.rabbitmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.util.List;
import java.util.Map;

/** Messages with any properties, and headers of any type and depth. */
class RabbitMqStoredMessagesIT extends StoredMessagesContract {
    private static final int LANES = 2;

    @Override
    protected List<BrokerKind> kinds() {
        return List.of(BrokerKind.RABBITMQ);
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("anymq.rabbitmq.lanes", Integer.toString(LANES));
    }

    @Override
    protected MutableMessages<?> messages(LocalBroker broker) throws Exception {
        return new RabbitMqMutable(broker.bootstrap(), LANES);
    }

    @Override
    protected ForeignMessages foreign(LocalBroker broker) {
        return new RabbitMqForeign(new RabbitMqPlainClient(broker.bootstrap(), LANES));
    }

    @Override
    protected String page() {
        return "rabbitmq.md";
    }
}
