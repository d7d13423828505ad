package io.anymq;

import io.anymq.policy.Ordering;

/**
 * The source that a {@link Consumer} reads: a {@link Queue} or a {@link Subscription} to a topic. Immutable.
 */
@API(API.Status.STABLE)
public sealed interface Source permits Queue, Subscription {
    /** A readable, unique name: the queue's name, or {@code topic/subscription}. */
    String path();

    /** The ordering of its messages. */
    Ordering ordering();
}
