package io.anymq.rabbitmq;

import io.anymq.Topic;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import java.util.Map;

/** Where a message to an address is published. Immutable. */
final class RabbitMqRoute {
    /**
     * @param mandatory whether it counts as refused when no queue takes it
     * @param headers what the delay queues go by
     */
    record Target(String exchange, String routingKey, boolean mandatory, Map<String, Object> headers) {}

    private static final String DEFAULT_EXCHANGE = "";

    private final Address address;
    private final DelayQueues delays;
    private final Target[] targets;
    private final boolean toTopic;
    private final String delayedKey;

    RabbitMqRoute(Address address, int lanes, DelayQueues delays) {
        this.address = address;
        this.delays = delays;
        this.toTopic = address instanceof Address.OfTopic;
        if (address instanceof Address.OfTopic of) {
            Topic topic = of.topic();
            this.targets = new Target[Slots.COUNT];
            for (int slot = 0; slot < Slots.COUNT; slot++) {
                // A topic without a subscription takes messages and keeps none.
                targets[slot] = new Target(topic.name(), Slots.routingKey(slot), false, Map.of());
            }
            this.delayedKey = RabbitMqNames.delayedTopic(topic.name());
        } else {
            String queue = RabbitMqNames.queue(address);
            this.targets = new Target[RabbitMqNames.ordering(address) == Ordering.PER_KEY ? lanes : 1];
            for (int lane = 0; lane < targets.length; lane++) {
                targets[lane] = new Target(DEFAULT_EXCHANGE, RabbitMqNames.lane(queue, lane), true, Map.of());
            }
            this.delayedKey = queue;
        }
    }

    Target of(OutboundMessage message) {
        long deliverAt = message.deliverAtMillis();
        if (deliverAt > 0) {
            long remaining = deliverAt - System.currentTimeMillis();
            if (remaining > 0) {
                return delays.target(delayedKey, remaining);
            }
        }
        if (targets.length == 1) {
            return targets[0];
        }
        int slot = Slots.of(message.key());
        return targets[toTopic ? slot : Slots.lane(slot, targets.length)];
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
