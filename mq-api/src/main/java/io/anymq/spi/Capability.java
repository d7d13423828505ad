package io.anymq.spi;

import io.anymq.API;

/** A feature that a broker may support. The kit checks every declaration in both directions. */
@API(API.Status.EVOLVING)
public enum Capability {
    /** Topics with durable named subscriptions. */
    TOPICS,
    /** A new subscription may start at EARLIEST. */
    START_EARLIEST,
    /** Competing consumers with per-key order. */
    PER_KEY_ORDER,
    /** One order over all messages of a destination. */
    TOTAL_ORDER,
    /**
     * Delayed messages. NATIVE: the broker holds back messages with a {@link OutboundMessage#deliverAtMillis()}.
     * EMULATED: the engine does, with the adapter's redelivery lanes ({@link PausableReceiver}).
     */
    DELAY,
    /**
     * {@link InboundMessage#deliveryCount()} survives a crash of the consumer's process. NATIVE: every crash inside a
     * handler counts. EMULATED: of the crashes that one message causes, one may be missed, because to announce every
     * attempt would cost a request to the broker each; so the message may kill one process more than its retry policy
     * says.
     */
    DELIVERY_COUNT,
    /** Confirmed messages survive a restart of the broker. */
    DURABLE,
    /**
     * Looking at stored messages without taking them: {@link BrokerConnection#openBrowser}. NATIVE: a look leaves no
     * trace at the broker. EMULATED: the adapter takes messages and puts them back, which the adapter's page says the
     * price of.
     */
    BROWSE,
    /**
     * Outputs and settlement of one delivery happen in one transaction. NATIVE: by {@link
     * TransactionalReceiver#commit}. UNSUPPORTED: outputs are confirmed before the settlement, and a crash in between
     * repeats them.
     */
    ATOMIC_CHAINING
}
