/**
 * The adapter for Apache RocketMQ 5, for URLs such as {@code rocketmq://one:9876,two:9876}, which name the name
 * servers.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><th>RocketMQ</th><th>AnyMQ</th></tr>
 * <tr><td>topic of the same name</td><td>queue or topic</td></tr>
 * <tr><td>group {@code anymq-queue-<queue>}</td><td>the consumers of a queue</td></tr>
 * <tr><td>group {@code anymq-sub-<length>-<topic>-<subscription>}</td><td>a subscription</td></tr>
 * <tr><td>topic {@code anymq-redelivery-…}</td><td>the way back to one source</td></tr>
 * <tr><td>topic {@code anymq-marks-…}</td><td>what owners of message queues leave for the next ones</td></tr>
 * <tr><td>lock of a message queue, from locking to unlocking</td><td>{@link io.anymq.spi.Lane}</td></tr>
 * <tr><td>offset of the group</td><td>settlement</td></tr>
 * <tr><td>property {@code __SHARDINGKEY}</td><td>ordering key</td></tr>
 * <tr><td>property {@code UNIQ_KEY}</td><td>message id</td></tr>
 * <tr><td>timer message, property {@code TIMER_DELIVER_MS}</td><td>delayed message</td></tr>
 * <tr><td>properties</td><td>headers; values that a property cannot carry are in {@code mq-more}</td></tr>
 * </table>
 *
 * <p><b>Guarantee.</b> A confirmed message got SEND_OK: it is as safe as the broker is configured to make it. With
 * {@code ASYNC_FLUSH}, the default, the broker has written it to the operating system, so it survives the death of the
 * process but not every loss of power; with {@code SYNC_FLUSH} it is on the disk. Every other {@code SendStatus} is
 * UNKNOWN.
 *
 * <p><b>unwrap.</b> Client, producer and consumer give RocketMQ's {@code MQClientAPIImpl}, a delivery {@code
 * MessageExt}, a receipt {@code SendResult} (one for all messages that travelled together).
 */
@NullMarked
package io.anymq.rocketmq;

import org.jspecify.annotations.NullMarked;
