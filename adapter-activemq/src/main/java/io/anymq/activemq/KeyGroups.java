package io.anymq.activemq;

import io.anymq.policy.Ordering;
import io.anymq.spi.support.KeyLane;
import org.jspecify.annotations.Nullable;

/**
 * The message group that keeps the order of a key. ActiveMQ Classic remembers the owners of 1,024 groups and silently forgets
 * the rest, so keys share 256 groups; the key itself travels in a property of its own.
 */
final class KeyGroups {
    /** Groups of a destination with per-key order. */
    static final int COUNT = 256;

    /** The only group of a destination with total order. */
    static final String ALL = "all";

    private KeyGroups() {}

    /** The group, or null for none. */
    static @Nullable String group(Ordering ordering, @Nullable String key) {
        return switch (ordering) {
            case UNORDERED -> null;
            case PER_KEY -> key == null ? null : "key-" + KeyLane.of(key, COUNT);
            case TOTAL -> ALL;
        };
    }
}
