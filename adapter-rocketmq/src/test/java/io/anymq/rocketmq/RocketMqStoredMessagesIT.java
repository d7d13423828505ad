package io.anymq.rocketmq;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.MalformedMessages;
import io.anymq.tck.brokers.MutableMessages;
import io.anymq.tck.brokers.StoredMessagesContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of any flags, properties and bytes, sent with the vendor's protocol. */
class RocketMqStoredMessagesIT extends StoredMessagesContract {
    @Override
    protected List<BrokerKind> kinds() {
        return List.of(BrokerKind.ROCKETMQ);
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("anymq.rocketmq.queues", "4");
    }

    @Override
    protected MutableMessages<?> messages(LocalBroker broker) {
        return new RocketMqMutable(SharedBroker.plain());
    }

    @Override
    protected ForeignMessages foreign(LocalBroker broker) {
        return new RocketMqForeign(SharedBroker.plain());
    }

    @Override
    protected Optional<MalformedMessages> malformed(LocalBroker broker) {
        return Optional.of(new RocketMqMalformed(SharedBroker.plain()));
    }

    @Override
    protected String page() {
        return "rocketmq.md";
    }
}
