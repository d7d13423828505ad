package io.anymq.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

/**
 * Deals messages without a key out to the partitions of a topic. Kafka's own partitioner fills a batch of one partition
 * first, so a burst of small messages is all work for one consumer, however slow it is. Here up to 8 messages that come
 * within a millisecond stay together, which makes batches in a fast stream and spreads a slow one evenly. Thread-safe.
 */
final class Spread {
    private static final int TOGETHER = 8;
    private static final long TOGETHER_NANOS = Duration.ofMillis(1).toNanos();

    private record Turn(int partition, long began, AtomicInteger taken) {}

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile Turn turn = new Turn(0, 0, new AtomicInteger(TOGETHER));

    Spread(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /**
     * The partition for the next message. Waits for the topic's metadata as long as a send does.
     *
     * @throws org.apache.kafka.common.KafkaException if there are none
     */
    int next() {
        long now = System.nanoTime();
        Turn current = turn;
        if (current.taken.getAndIncrement() >= TOGETHER || now - current.began > TOGETHER_NANOS) {
            current = new Turn(another(), now, new AtomicInteger(1));
            turn = current;
        }
        return current.partition;
    }

    private int another() {
        List<PartitionInfo> all = producer.partitionsFor(topic);
        int start = Math.floorMod(turns.getAndIncrement(), all.size());
        for (int i = 0; i < all.size(); i++) {
            PartitionInfo partition = all.get((start + i) % all.size());
            Node leader = partition.leader();
            if (leader != null && !leader.isEmpty()) {
                return partition.partition();
            }
        }
        return all.get(start).partition();
    }
}
