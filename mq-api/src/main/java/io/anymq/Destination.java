package io.anymq;

import io.anymq.policy.Ordering;

/**
 * Where a {@link Producer} sends: a {@link Queue} or a {@link Topic}.
 *
 * <p>Names match {@code [A-Za-z0-9_-]{1,64}}, the intersection of what all supported brokers accept. Immutable.
 */
@API(API.Status.STABLE)
public sealed interface Destination permits Queue, Topic {
    /** The portable name, {@code [A-Za-z0-9_-]{1,64}}. */
    String name();

    /** The ordering; producers and consumers of one destination must declare the same. */
    Ordering ordering();
}
