/**
 * Parts that several adapters are made of. Nothing here is part of the contract: an adapter may do without it.
 *
 * <ul>
 *   <li>for every adapter: {@link io.anymq.spi.support.LazyMessage} as a base of received messages, {@link
 *       io.anymq.spi.support.KeyLane} where a key belongs, {@link io.anymq.spi.support.Deadline} for bounds, {@link
 *       io.anymq.spi.support.Cadence} for what is done now and then, {@link io.anymq.spi.support.CloseOnce} for the end of a
 *       connection, {@link io.anymq.spi.support.VendorErrors} for what the vendor's client throws, {@link
 *       io.anymq.spi.support.AdapterThreads} and {@link io.anymq.spi.support.BlockingCalls} for its calls, {@link
 *       io.anymq.spi.support.Fingerprint} for what has no name;
 *   <li>for brokers behind TCP: {@link io.anymq.spi.support.HostPort} for their addresses, {@link
 *       io.anymq.spi.support.TlsStores} for options and certificates, {@link io.anymq.spi.support.TlsHandshake} and {@link
 *       io.anymq.spi.support.TlsRefusal} for what goes wrong with them, {@link io.anymq.spi.support.Reconnector} for
 *       connections that do not come back by themselves;
 *   <li>for client libraries that write to the network too often: {@link io.anymq.spi.support.GatheringSocket} and {@link
 *       io.anymq.spi.support.GatheringOutput};
 *   <li>for sending: {@link io.anymq.spi.support.BatchingSender}, which gathers what waits, and {@link
 *       io.anymq.spi.support.SameThreadExecutor} for clients that call back on an executor;
 *   <li>for client libraries that push messages: {@link io.anymq.spi.support.Inbox}, and {@link
 *       io.anymq.spi.support.PushReceiver} with {@link io.anymq.spi.support.PushLane} on top of it;
 *   <li>for brokers that number messages: {@link io.anymq.spi.support.AckWindow} for deliveries, {@link
 *       io.anymq.spi.support.ConfirmWindow} and {@link io.anymq.spi.support.ConfirmedSends} for what is sent,
 *       {@link io.anymq.spi.support.AttemptCounts} where attempts are recorded beside the messages;
 *   <li>for brokers that keep a log: {@link io.anymq.spi.support.ContiguousOffsets} and {@link
 *       io.anymq.spi.support.OffsetRanges} for what is done of a partition; with one offset per partition and group (Kafka,
 *       RocketMQ, files) also {@link io.anymq.spi.support.LogReceiver}, {@link io.anymq.spi.support.LogLane}, {@link
 *       io.anymq.spi.support.LogLanes} and {@link io.anymq.spi.support.LogMessage}; where the broker counts no attempts,
 *       {@link io.anymq.spi.support.CrashCounts}, {@link io.anymq.spi.support.MarkStore} and {@link
 *       io.anymq.spi.support.OwnerMark}; where it keeps topics and groups, {@link io.anymq.spi.support.LogProvisioner} and
 *       {@link io.anymq.spi.support.LogCommits}; where it shares no lanes, {@link io.anymq.spi.support.SharedLogReceiver} and
 *       {@link io.anymq.spi.support.LaneLocks}.
 * </ul>
 */
@NullMarked
package io.anymq.spi.support;

import org.jspecify.annotations.NullMarked;
