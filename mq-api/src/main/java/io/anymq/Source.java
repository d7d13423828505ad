package io.anymq;

import io.anymq.policy.Ordering;

/**
 * What a {@link Consumer} reads: a {@link Queue} or a {@link Subscription} to a topic. Immutable.
 */
@API(API.Status.STABLE)
public sealed interface Source permits Queue, Subscription {
    /** A readable, unique name: the queue's name, or {@code topic/subscription}. */
    String path();

    /** Which messages keep their order. */
    Ordering ordering();
}
