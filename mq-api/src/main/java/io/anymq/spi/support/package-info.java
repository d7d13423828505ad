/**
 * Parts that several adapters are made of. Nothing here is part of the contract: an adapter may do without it.
 *
 * <ul>
 *   <li>for every adapter: {@link io.anymq.spi.support.Deadline}, {@link io.anymq.spi.support.HostPort};
 *   <li>for clients whose send blocks: {@link io.anymq.spi.support.BatchingSender};
 *   <li>for brokers that keep a log and one offset per partition and group (Kafka, RocketMQ): {@link
 *       io.anymq.spi.support.LogLane} and what it consists of, {@link io.anymq.spi.support.CrashCounts}.
 * </ul>
 */
@NullMarked
package io.anymq.spi.support;

import org.jspecify.annotations.NullMarked;
