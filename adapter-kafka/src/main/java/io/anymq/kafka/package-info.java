/**
 * The adapter for Apache Kafka, for URLs such as {@code kafka://one:9092,two:9092}.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><th>Kafka</th><th>AnyMQ</th></tr>
 * <tr><td>topic of the same name</td><td>queue or topic</td></tr>
 * <tr><td>consumer group {@code anymq.queue.<queue>}</td><td>the consumers of a queue</td></tr>
 * <tr><td>consumer group {@code anymq.sub.<topic>.<subscription>}</td><td>a subscription</td></tr>
 * <tr><td>topic {@code anymq.redelivery.…} with one partition a lane</td><td>the way back to one source</td></tr>
 * <tr><td>assignment of a partition</td><td>{@link io.anymq.spi.Lane}</td></tr>
 * <tr><td>committed offset and its metadata</td><td>settlement</td></tr>
 * <tr><td>record key, UTF-8</td><td>ordering key</td></tr>
 * <tr><td>record timestamp</td><td>time of sending</td></tr>
 * <tr><td>record headers, UTF-8</td><td>headers; id, content type and due time as {@code mq-} headers</td></tr>
 * </table>
 *
 * <p><b>Guarantee.</b> A confirmed message is on every in-sync replica ({@code acks=all}, idempotent producer). Kafka
 * writes to the operating system and does not wait for the disk unless the topic says so, so on a single broker it
 * survives the death of the process but not every loss of power.
 *
 * <p><b>unwrap.</b> The client gives Kafka's {@code Admin}, a producer {@code Producer}, a consumer {@code Consumer}
 * (not thread-safe: for metrics and inspection only), a delivery {@code ConsumerRecord}, a receipt {@code RecordMetadata}.
 */
@NullMarked
package io.anymq.kafka;

import org.jspecify.annotations.NullMarked;
