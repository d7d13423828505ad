package io.anymq.kafka;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.util.List;
import java.util.Map;

/** Records of any bytes, headers, time and compression. */
class KafkaStoredMessagesIT extends StoredMessagesContract {
    @Override
    protected List<BrokerKind> kinds() {
        return List.of(BrokerKind.KAFKA);
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("anymq.kafka.partitions", "4");
    }

    @Override
    protected MutableMessages<?> messages(LocalBroker broker) {
        return new KafkaMutable(broker.bootstrap());
    }

    @Override
    protected ForeignMessages foreign(LocalBroker broker) {
        return new KafkaForeign(new KafkaPlainClient(broker.bootstrap()));
    }

    @Override
    protected String page() {
        return "kafka.md";
    }
}
