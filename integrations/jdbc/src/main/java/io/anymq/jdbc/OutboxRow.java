package io.anymq.jdbc;

import io.anymq.Destination;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.policy.Ordering;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message as it is stored in the outbox. Immutable. */
@SuppressWarnings("ArrayRecordComponent") // never compared or hashed
record OutboxRow(
        Destination destination,
        EntryId order,
        boolean isOrdered,
        String id,
        @Nullable String key,
        String contentType,
        byte[] envelope,
        byte[] body,
        long delayMillis) {
    /** How many lanes there are; the files that create the tables say the same. */
    static final int LANES = 64;

    /** The lane of rows without an order. */
    static final int NO_LANE = -1;

    private static final int SLOTS = 4096;

    /** What keeps its order with other rows: a key, or a destination with total order; without one, the row alone. */
    static EntryId order(Destination destination, @Nullable String key) {
        String scope = kind(destination) + destination.name();
        return switch (destination.ordering()) {
            case UNORDERED -> alone();
            case PER_KEY -> key == null ? alone() : EntryId.of(scope, key);
            case TOTAL -> EntryId.of(scope, "");
        };
    }

    private static EntryId alone() {
        return EntryId.of("alone", UUID.randomUUID().toString());
    }

    static boolean isOrdered(Destination destination, @Nullable String key) {
        return destination.ordering() == Ordering.TOTAL || (destination.ordering() == Ordering.PER_KEY && key != null);
    }

    static String kind(Destination destination) {
        return destination instanceof Queue ? "Q" : "T";
    }

    static String ordering(Destination destination) {
        return switch (destination.ordering()) {
            case UNORDERED -> "U";
            case PER_KEY -> "K";
            case TOTAL -> "T";
        };
    }

    static Destination destination(String kind, String name, String ordering) {
        Ordering order =
                switch (ordering) {
                    case "U" -> Ordering.UNORDERED;
                    case "T" -> Ordering.TOTAL;
                    default -> Ordering.PER_KEY;
                };
        return kind.equals("Q") ? new Queue(name, order) : new Topic(name, order);
    }

    /** The relay that has this lane sends it. */
    int lane() {
        return isOrdered ? order.digest()[0] & (LANES - 1) : NO_LANE;
    }

    /** What a transaction locks until it ends, so that rows of an order are numbered as they are committed. */
    int slot() {
        return ((order.digest()[1] & 0xFF) << 4 | (order.digest()[2] & 0x0F)) & (SLOTS - 1);
    }
}
