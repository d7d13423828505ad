/**
 * The embedded broker as an AnyMQ adapter, scheme {@code inmemory}: the default when no other broker is configured.
 *
 * <table>
 * <caption>Its words and AnyMQ's</caption>
 * <tr><th>in-memory broker</th><th>AnyMQ</th></tr>
 * <tr><td>session</td><td>connection</td></tr>
 * <tr><td>exchange</td><td>queue or topic that is sent to</td></tr>
 * <tr><td>message queue</td><td>what one queue or one subscription holds</td></tr>
 * <tr><td>lane list, token</td><td>lane: a share of the keys of a queue, owned by one receiver for one period</td></tr>
 * <tr><td>publisher, subscriber</td><td>sender, receiver</td></tr>
 * <tr><td>look</td><td>browser</td></tr>
 * <tr><td>hand-out, settle, hand back</td><td>delivery, acknowledge, release</td></tr>
 * <tr><td>returns</td><td>redelivery address: straight into the source's own queue</td></tr>
 * </table>
 *
 * <p><b>Guarantee.</b> At least once within the JVM: confirmed messages are kept through the crash of any client and
 * through {@link io.anymq.inmemory.broker.InMemoryBroker#stop()} and {@code start()}, and lost with the JVM. A message
 * to a topic is confirmed when every subscription that exists has stored it. A full queue makes senders wait, first
 * come first served, and refuses with FULL shortly before the send time-out; nothing is dropped. Delayed messages are
 * kept aside until they are due. A settlement takes effect at once.
 *
 * <p><b>{@code unwrap}.</b> Client, producer and consumer give the {@link io.anymq.inmemory.broker.InMemoryBroker}, a
 * delivery gives an {@link io.anymq.inmemory.broker.InMemoryBroker.StoredMessage}.
 *
 * <p><b>Not offered.</b> Subscriptions that start at EARLIEST (a topic keeps no history) and atomic chaining.
 */
@NullMarked
package io.anymq.inmemory;

import org.jspecify.annotations.NullMarked;
