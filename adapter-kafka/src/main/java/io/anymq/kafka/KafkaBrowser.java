package io.anymq.kafka;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.BrokerBrowser;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a group has not done yet, without being a member of it: from its committed offsets to the ends at the
 * beginning of the look, without the records that its owners' marks say are done. Nothing is committed.
 */
final class KafkaBrowser implements BrokerBrowser {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaBrowser.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Duration timeout;

    /** Those with records that were not read. */
    private final Map<TopicPartition, Part> parts = new HashMap<>();

    private final ArrayDeque<KafkaMessage> buffer = new ArrayDeque<>();

    /** What a look shows of a partition: what stands before {@code end}, except {@code done}. */
    private record Part(KafkaLane lane, long end, OffsetRanges done) {}

    private KafkaBrowser(Consumer<byte[], byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    static KafkaBrowser open(KafkaConfig config, Admin admin, TopicDescription topic, String group, int number) {
        KafkaBrowser browser = null;
        boolean opened = false;
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, group, config.operationTimeout());
            browser = new KafkaBrowser(
                    new KafkaConsumer<>(config.browser("-browser-" + number)), config.operationTimeout());
            browser.begin(topic, committed);
            opened = true;
            return browser;
        } catch (KafkaException e) {
            throw KafkaTranslator.error("looking at " + topic.name(), e);
        } finally {
            if (browser != null && !opened) {
                browser.close(Duration.ZERO);
            }
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group, Duration timeout) {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaTranslator.error("reading the offsets of group " + group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException(
                    ErrorCode.CLOSED, "interrupted while reading the offsets of group " + group, true, e);
        }
    }

    private void begin(TopicDescription topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        List<TopicPartition> all = topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                .toList();
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(all, timeout);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all, timeout);
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : all) {
            long start = firsts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            OffsetRanges done = new OffsetRanges();
            OffsetAndMetadata left = committed.get(partition);
            // of an earlier topic of this name, or beyond records that the broker has lost, it says nothing
            if (left != null
                    && left.offset() <= end
                    && !KafkaMarks.differ(KafkaMarks.topicId(left.metadata()), topic.topicId())) {
                OwnerMark mark = KafkaMarks.mark(left);
                start = Math.max(start, mark.offset());
                done = mark.done();
            }
            if (start < end) {
                starts.put(partition, start);
                parts.put(partition, new Part(new KafkaLane(partition), end, done));
            }
        }
        consumer.assign(starts.keySet());
        starts.forEach((partition, start) -> consumer.seek(partition, start.longValue()));
    }

    @Override
    public List<? extends InboundMessage> next(int max) {
        Deadline deadline = Deadline.after(timeout);
        while (buffer.isEmpty() && !parts.isEmpty()) {
            if (deadline.passed()) {
                throw new MessagingException(
                        ErrorCode.TIMEOUT,
                        "Kafka has given no more of " + parts.keySet() + " within " + timeout.toMillis()
                                + " ms; look again, or raise anymq.operation-timeout",
                        true,
                        null);
            }
            Duration left = deadline.left();
            fill(left.compareTo(POLL) < 0 ? left : POLL);
        }
        List<KafkaMessage> page = new ArrayList<>(Math.min(max, buffer.size()));
        while (page.size() < max && !buffer.isEmpty()) {
            page.add(buffer.remove());
        }
        return page;
    }

    private void fill(Duration wait) {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
            for (TopicPartition partition : records.partitions()) {
                Part part = parts.get(partition);
                if (part != null) {
                    take(part, records.records(partition));
                }
            }
            parts.entrySet().removeIf(entry -> {
                boolean read = consumer.position(entry.getKey(), timeout)
                        >= entry.getValue().end();
                if (read) {
                    consumer.pause(List.of(entry.getKey()));
                }
                return read;
            });
        } catch (RetriableException e) {
            LOG.debug("Looking goes on", e);
        } catch (KafkaException e) {
            throw KafkaTranslator.error("looking at stored records", e);
        }
    }

    private void take(Part part, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < part.end() && !part.done().contains(record.offset())) {
                buffer.add(new KafkaMessage(record, part.lane()));
            }
        }
    }

    @Override
    @SuppressWarnings("deprecation") // its successor does not exist in clients older than 4.1
    public void close(Duration limit) {
        try {
            consumer.close(limit);
        } catch (KafkaException e) {
            LOG.debug("Could not close a look properly", e);
        }
    }
}
