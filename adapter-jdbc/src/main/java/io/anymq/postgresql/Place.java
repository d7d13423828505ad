package io.anymq.postgresql;

import io.anymq.policy.Ordering;

/**
 * A queue, topic or subscription as it is in the database.
 *
 * @param destination {@code mq_destination.id}
 * @param source {@code mq_source.id} of the queue or subscription; of a topic -1
 * @param lanes how many lanes an ordered source has
 */
record Place(int destination, int source, Ordering ordering, int lanes) {
    boolean isTopic() {
        return source < 0;
    }

    boolean isOrdered() {
        return ordering != Ordering.UNORDERED;
    }
}
