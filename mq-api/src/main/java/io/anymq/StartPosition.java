package io.anymq;

/**
 * Where a new subscription begins. It is fixed when the subscription is provisioned, so a message confirmed after that
 * moment is never missed, whenever the first consumer arrives.
 */
@API(API.Status.STABLE)
public enum StartPosition {
    /** Only messages confirmed after the subscription was provisioned. The default. */
    NOW,

    /** Includes messages that the broker still retains. Refused where the broker keeps no history. */
    EARLIEST
}
