package io.anymq.inmemory.broker;

import io.anymq.spi.Address;
import org.jspecify.annotations.Nullable;

/** Maps addresses to names: the physical name, which may be any text, or the portable one. Stateless. */
final class Names {
    private Names() {}

    /** The name of the exchange behind an address. */
    static String destination(Address address) {
        if (address instanceof Address.OfQueue queue) {
            return either(queue.physicalName(), queue.queue().name());
        }
        if (address instanceof Address.OfTopic topic) {
            return either(topic.physicalName(), topic.topic().name());
        }
        if (address instanceof Address.OfSubscription subscription) {
            return destination(subscription.topic());
        }
        return destination(((Address.Redelivery) address).origin());
    }

    /** The name of the queue of a source within its exchange. */
    static String path(Address.OfSource source) {
        return source instanceof Address.OfSubscription subscription
                ? destination(source) + "/"
                        + either(
                                subscription.physicalName(),
                                subscription.subscription().name())
                : destination(source);
    }

    private static String either(@Nullable String physical, String portable) {
        return physical == null ? portable : physical;
    }
}
