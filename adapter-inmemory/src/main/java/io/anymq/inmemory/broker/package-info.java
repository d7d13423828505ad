/**
 * The broker behind the in-memory adapter: queues, topics, lanes, delays and back-pressure inside one JVM, without a thread
 * of its own. {@link io.anymq.inmemory.broker.InMemoryBroker} is the only public type; operators and tests look into it and
 * cause faults through it, applications send and receive through {@link io.anymq.MessagingClient}.
 *
 * <p>Every queue and every topic (with all its subscriptions) has one lock, held for the length of a batch. Outcomes,
 * wake-ups and listeners run after it was released.
 */
@NullMarked
package io.anymq.inmemory.broker;

import org.jspecify.annotations.NullMarked;
