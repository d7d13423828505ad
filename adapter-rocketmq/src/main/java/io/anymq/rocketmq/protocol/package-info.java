/**
 * The remoting protocol of RocketMQ, as the vendor's classic client speaks it. Everything that depends on the
 * client's {@code remoting} and {@code client.impl} packages, which the vendor does not promise to keep, is here, so
 * that an upgrade of the client breaks one place.
 *
 * <p>A {@link io.anymq.rocketmq.protocol.ProtocolClient} holds the connections and hands out requests: to the name
 * servers, to a broker, and for messages. They answer in the vendor's public message types, and a request that fails
 * says why with a {@link io.anymq.rocketmq.protocol.Failure}. The package knows nothing of AnyMQ's addresses, groups
 * and marks.
 */
@NullMarked
package io.anymq.rocketmq.protocol;

import org.jspecify.annotations.NullMarked;
