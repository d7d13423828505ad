package io.anymq.spi;

import io.anymq.API;

/** What a client may do about queues, topics and subscriptions ({@code anymq.provision}). */
@API(API.Status.EVOLVING)
public enum ProvisionMode {
    /** Assume they are there; the first use fails if not. */
    NONE,
    /** Check that they are there and agree with the declaration; create nothing. */
    VALIDATE,
    /** Create what is missing; refuse what disagrees. The default. */
    CREATE
}
