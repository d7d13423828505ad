package io.anymq.rabbitmq;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.OutboundMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    /** Null where an operator made the bindings, which know nothing of delayed messages. */
    private final @Nullable String delayedKey;

    RabbitMqRoute(Address address, int lanes, DelayQueues delays) {
        this.address = address;
        this.delays = delays;
        this.toTopic = address instanceof Address.OfTopic;
        if (address instanceof Address.OfTopic of) {
            String exchange = RabbitMqNames.exchange(of);
            String prescribed = RabbitMqNames.routingKey(of);
            this.targets = new Target[prescribed == null ? Slots.COUNT : 1];
            for (int slot = 0; slot < targets.length; slot++) {
                String key = prescribed == null ? Slots.routingKey(slot) : prescribed;
                // A topic without a subscription takes messages and keeps none.
                targets[slot] = new Target(exchange, key, false, Map.of());
            }
            this.delayedKey = of.physicalName() == null ? RabbitMqNames.delayedTopic(exchange) : null;
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
                return delays.target(delayedKey(), remaining);
            }
        }
        if (targets.length == 1) {
            return targets[0];
        }
        int slot = Slots.of(message.key());
        return targets[toTopic ? slot : Slots.lane(slot, targets.length)];
    }

    private String delayedKey() {
        if (delayedKey == null) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    address + " takes no delayed messages: its exchange routes by bindings that are not AnyMQ's; send"
                            + " without a delay, or delay the message to a queue");
        }
        return delayedKey;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
