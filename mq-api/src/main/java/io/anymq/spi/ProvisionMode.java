package io.anymq.spi;

import io.anymq.API;

/** Whether a client may create queues, topics and subscriptions ({@code anymq.provision}). */
@API(API.Status.EVOLVING)
public enum ProvisionMode {
    /** Assume they are there; the first use fails if not. */
    NONE,
    /** Check that they are there and agree with the declaration; create nothing. */
    VALIDATE,
    /** Create missing objects; refuse mismatches. The default. */
    CREATE
}
