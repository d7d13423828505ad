package io.anymq.spi;

import io.anymq.API;

/**
 * One ordered stream of messages within a receiver, for one period of ownership: a Kafka partition between assignment and
 * revocation, a share of an in-memory queue, a whole RabbitMQ queue. Compared by identity: an adapter makes a new lane for
 * each assignment, and a settlement for a lane that is no longer owned is ignored. That is what fences a late settlement.
 *
 * <p>Receivers that compete for single messages, as on an unordered queue of most brokers, own no part of it. Each of them
 * has one lane of its own then, from {@link BrokerConnection#openReceiver} to {@link BrokerReceiver#close}, which is never
 * revoked. Immutable and thread-safe.
 */
@API(API.Status.EVOLVING)
public final class Lane {
    private final String name;

    /** A new period of ownership of the stream called {@code name}. */
    public Lane(String name) {
        this.name = name;
    }

    /** For logs. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
