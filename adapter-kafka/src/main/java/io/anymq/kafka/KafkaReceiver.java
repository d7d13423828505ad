package io.anymq.kafka;

import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.support.Cadence;
import io.anymq.spi.support.CrashCounts;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.LogReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one topic as a member of one consumer group. */
final class KafkaReceiver extends LogReceiver<TopicPartition, KafkaLane, KafkaMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReceiver.class);

    /** The time the group may wait for this member's poll while there is nothing to poll for. */
    private static final long BETWEEN_POLLS_NANOS = Duration.ofMillis(250).toNanos();

    /** A poll that only serves the group; some steps of joining need more than one turn. */
    private static final Duration SHORT_POLL = Duration.ofMillis(5);

    private final KafkaConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final KafkaTopicId topic;
    private final KafkaMarks marks;
    private final KafkaCommits commits;
    private final CrashCounts<KafkaLane, KafkaMessage> counts;

    private final Cadence passing = new Cadence(Duration.ofSeconds(1));

    private long lastPoll = System.nanoTime();

    private KafkaReceiver(
            KafkaConfig config,
            Consumer<byte[], byte[]> consumer,
            KafkaTopicId topic,
            ReceiverOptions options,
            LaneListener listener) {
        super(listener);
        this.config = config;
        this.consumer = consumer;
        this.topic = topic;
        this.marks = new KafkaMarks(consumer, config.operationTimeout());
        this.commits = new KafkaCommits(consumer, lanes().all());
        this.counts = new CrashCounts<>(marks, lanes().all(), options.maxInFlight());
    }

    static KafkaReceiver open(
            KafkaConfig config,
            KafkaTopicId topic,
            String group,
            String protocol,
            ReceiverOptions options,
            LaneListener listener) {
        KafkaConsumer<byte[], byte[]> consumer;
        try {
            consumer = new KafkaConsumer<>(config.consumer(group, options, protocol));
        } catch (KafkaException e) {
            throw KafkaTranslator.error("opening a receiver of " + topic.topic(), e);
        }
        KafkaReceiver receiver = new KafkaReceiver(config, consumer, topic, options, listener);
        consumer.subscribe(List.of(topic.topic()), receiver.new Rebalance());
        return receiver;
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        leaveEarlierTopic();
        commits.sendIfDue();
        if (max == 0) {
            idle(wait);
            return List.of();
        }
        if (pollIsDue() && hasBuffered()) {
            pollForGroupOnly();
        }
        List<KafkaMessage> messages = new ArrayList<>();
        takeBuffered(messages, max);
        if (messages.isEmpty()) {
            applyPauses(false);
            ConsumerRecords<byte[], byte[]> records = poll(waitFor(wait));
            distribute(records, messages, max);
            if (records.isEmpty()) {
                passMarkers();
            }
            begin(false);
            counts.prepare();
            takeBuffered(messages, max);
        }
        return messages;
    }

    private Duration waitFor(Duration wanted) {
        long longest = Math.min(counts.longestWaitNanos(), commits.nanosUntilDue());
        return Duration.ofNanos(Math.max(0, Math.min(wanted.toNanos(), longest)));
    }

    /** Mostly does not poll at all, so that a full engine costs neither requests nor pausing. */
    private void idle(Duration wait) {
        if (pollIsDue()) {
            pollForGroupOnly();
        } else {
            LockSupport.parkNanos(this, waitFor(wait).toNanos());
        }
    }

    private boolean pollIsDue() {
        return System.nanoTime() - lastPoll >= BETWEEN_POLLS_NANOS;
    }

    private boolean hasBuffered() {
        return lanes().all().stream().anyMatch(lane -> !lane.buffer().isEmpty());
    }

    private void takeBuffered(List<KafkaMessage> messages, int max) {
        counts.take(messages, max - messages.size());
        lanes().takeFlowing(messages, max);
    }

    private void pollForGroupOnly() {
        applyPauses(true);
        // Only partitions that are assigned within this poll can yield something; it waits in the buffer.
        distribute(poll(SHORT_POLL), List.of(), 0);
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        try {
            return consumer.poll(wait);
        } catch (RetriableException e) {
            // The client goes on by itself, for example when the coordinator has moved.
            return ConsumerRecords.empty();
        } catch (KafkaException e) {
            throw KafkaTranslator.error("receiving", e);
        } finally {
            lastPoll = System.nanoTime();
            commits.throwIfRefused();
        }
    }

    /** Adds to {@code messages} while there is room and nothing older waits; otherwise to the buffers. */
    private void distribute(ConsumerRecords<byte[], byte[]> records, List<KafkaMessage> messages, int max) {
        for (TopicPartition partition : records.partitions()) {
            KafkaLane lane = lanes().byName().get(partition);
            if (lane == null) {
                continue;
            }
            if (lane.hasPassed(records.records(partition).get(0).offset())) {
                lane = sentBack(lane);
            }
            boolean direct = lane.buffer().isEmpty() && lane.flows();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                KafkaMessage message = lane.take(record);
                if (message == null) {
                    commits.moved();
                } else if (direct && messages.size() < max) {
                    messages.add(message);
                } else {
                    lane.buffer().add(message);
                }
            }
        }
    }

    /** Transaction markers and aborted records are no messages; committed up to the last message, the lag stays. */
    private void passMarkers() {
        passing.request();
        if (!passing.isDue()) {
            return;
        }
        passing.restart();
        begin(true);
        for (KafkaLane lane : lanes().all()) {
            long position = position(lane);
            if (position >= 0 && lane.reached(position)) {
                commits.moved();
            }
        }
    }

    /** Where the consumer goes on; −1 if that is not known at present, for example after a rebalance. */
    private long position(KafkaLane lane) {
        try {
            return consumer.position(lane.partition(), Duration.ZERO);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    /** Reads what the owners before have left of lanes, before anything of them is handed out or committed. */
    private void begin(boolean withoutRecords) {
        List<KafkaLane> lanes = List.of();
        for (KafkaLane lane : lanes().all()) {
            if (!lane.begun && (withoutRecords || !lane.buffer().isEmpty())) {
                lanes = lanes.isEmpty() ? new ArrayList<>() : lanes;
                lanes.add(lane);
            }
        }
        if (!lanes.isEmpty()) {
            Uuid id = topic.now();
            startAgain(marks.begin(lanes, id), id);
        }
    }

    private void leaveEarlierTopic() {
        Uuid id = topic.answer();
        // mostly there is no answer, and this is asked with every call
        if (!id.equals(Uuid.ZERO_UUID)) {
            startAgain(
                    lanes().all().stream()
                            .filter(lane -> KafkaMarks.differ(lane.topicId, id))
                            .toList(),
                    id);
        }
    }

    /** What these lanes received, and where they are, says nothing of the topic that has their name now. */
    private void startAgain(List<KafkaLane> misled, Uuid id) {
        if (misled.isEmpty()) {
            return;
        }
        LOG.warn(
                "The Kafka topic {} was deleted and created again; its first messages are received now, whatever was"
                        + " committed before",
                topic.topic());
        consumer.seekToBeginning(misled.stream().map(KafkaLane::partition).toList());
        misled.forEach(lane -> replace(lane, id));
    }

    /** The lane that goes on after the consumer has found its position beyond the end of the partition. */
    private KafkaLane sentBack(KafkaLane lane) {
        LOG.warn(
                "{} ended before the offset that was reached: its topic was deleted and created again, or the broker"
                        + " has lost records; all that it has are received, perhaps again",
                lane.partition());
        return replace(lane, topic.now());
    }

    private KafkaLane replace(KafkaLane lane, Uuid id) {
        lost(List.of(lane));
        KafkaLane next = new KafkaLane(lane.partition());
        next.paused = lane.paused;
        next.begun = true;
        next.topicId = id;
        lanes().byName().put(lane.partition(), next);
        return next;
    }

    /** Tells the consumer which partitions are paused, where that has changed. */
    private void applyPauses(boolean all) {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (KafkaLane lane : lanes().all()) {
            boolean wanted = all || lane.isPaused() || !lane.buffer().isEmpty();
            if (wanted != lane.paused) {
                lane.paused = wanted;
                (wanted ? pause : resume).add(lane.partition());
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    @Override
    protected void settled() {
        topic.request();
        commits.moved();
        commits.sendIfDue();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(consumer) ? Optional.of(type.cast(consumer)) : Optional.empty();
    }

    @Override
    protected void save(Collection<KafkaLane> leaving, Duration timeout) {
        commits.sendNow(leaving, timeout);
    }

    @Override
    @SuppressWarnings("deprecation") // its successor does not exist in clients older than 4.1
    protected void release(Deadline deadline) {
        try {
            takeNoteOfAssignment();
            consumer.close(deadline.left());
        } catch (KafkaException e) {
            LOG.warn(
                    "Could not close a Kafka consumer properly: {}; its group notices after the session time-out",
                    e.toString());
        }
    }

    /** One that has just come would make the client log an error when it is closed. */
    private void takeNoteOfAssignment() {
        try {
            applyPauses(true);
            consumer.poll(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.debug("The last poll before closing failed; unreported assignments are ignored", e);
        }
    }

    private List<KafkaLane> owned(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .map(lanes().byName()::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Called by the consumer from within poll and close, on the receiver's thread. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                lanes().byName().put(partition, new KafkaLane(partition));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoke(owned(partitions), config.operationTimeout());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lost(owned(partitions));
        }
    }
}
