/**
 * The adapter for ActiveMQ Classic and Artemis, both through OpenWire, for URLs such as {@code activemq://host:61616}.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><th>ActiveMQ</th><th>AnyMQ</th></tr>
 * <tr><td>queue of the same name</td><td>queue</td></tr>
 * <tr><td>topic {@code VirtualTopic.<topic>}</td><td>topic</td></tr>
 * <tr><td>queue {@code Consumer.<subscription>.VirtualTopic.<topic>}</td><td>subscription</td></tr>
 * <tr><td>consumer, from its registration to its removal</td><td>{@link io.anymq.spi.Lane}</td></tr>
 * <tr><td>individual acknowledgement</td><td>settlement</td></tr>
 * <tr><td>{@code JMSXGroupID}: one of 256 numbers made of the key</td><td>what keeps the order of a key</td></tr>
 * <tr><td>string property {@code mq-key}</td><td>ordering key</td></tr>
 * <tr><td>{@code JMSTimestamp}</td><td>time of sending</td></tr>
 * <tr><td>{@code AMQ_SCHEDULED_DELAY}</td><td>delay</td></tr>
 * <tr><td>redelivery counter</td><td>{@link io.anymq.spi.InboundMessage#deliveryCount()}</td></tr>
 * <tr><td>local transaction</td><td>{@link io.anymq.spi.Chain}; also a batch of sends</td></tr>
 * </table>
 *
 * <p><b>Guarantee.</b> Every message is persistent and confirmed by the broker's own answer. Whether that means on the
 * disk is the broker's setting: KahaDB's {@code journalDiskSyncStrategy=always} and Artemis's {@code
 * journal-datasync=true}, both the vendors' defaults, survive a loss of power.
 *
 * <p><b>unwrap.</b> The client, a producer and a consumer give the {@code jakarta.jms.Connection} they work on, a delivery
 * gives the {@code jakarta.jms.Message}.
 */
@NullMarked
package io.anymq.activemq;

import org.jspecify.annotations.NullMarked;
