package io.anymq.kafka;

import io.anymq.MessagingException;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one topic as a member of one consumer group. */
final class KafkaReceiver implements BrokerReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReceiver.class);

    /** How long the group may wait for this member's poll while there is nothing to poll for. */
    private static final long BETWEEN_POLLS_NANOS = Duration.ofMillis(250).toNanos();

    /** A poll that only serves the group; some steps of joining need more than one turn. */
    private static final Duration SHORT_POLL = Duration.ofMillis(5);

    private final KafkaConfig config;
    private final Consumer<byte[], byte[]> consumer;
    private final LaneListener listener;
    private final Map<TopicPartition, KafkaLane> lanes = new LinkedHashMap<>();
    private final KafkaCommits commits;

    private long lastPoll = System.nanoTime();
    private boolean closed;

    private volatile boolean woken;
    private volatile boolean polling;
    private volatile @Nullable Thread parked;

    private KafkaReceiver(KafkaConfig config, Consumer<byte[], byte[]> consumer, LaneListener listener) {
        this.config = config;
        this.consumer = consumer;
        this.listener = listener;
        this.commits = new KafkaCommits(consumer, lanes.values());
    }

    static KafkaReceiver open(
            KafkaConfig config,
            String topic,
            String group,
            String protocol,
            ReceiverOptions options,
            LaneListener listener) {
        KafkaConsumer<byte[], byte[]> consumer;
        try {
            consumer = new KafkaConsumer<>(config.consumer(group, options, protocol));
        } catch (KafkaException e) {
            throw KafkaTranslator.error("opening a receiver of " + topic, e);
        }
        KafkaReceiver receiver = new KafkaReceiver(config, consumer, listener);
        consumer.subscribe(List.of(topic), receiver.new Rebalance());
        return receiver;
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        commits.sendIfDue();
        if (max == 0) {
            idle(wait);
            return List.of();
        }
        if (pollIsDue() && hasBuffered()) {
            pollForGroupOnly();
        }
        List<KafkaMessage> messages = takeBuffered(max);
        return messages.isEmpty() ? pollForRecords(max, wait) : messages;
    }

    /** Waits without polling, so that a full engine costs neither requests nor pausing. */
    private void idle(Duration wait) {
        if (pollIsDue()) {
            pollForGroupOnly();
            return;
        }
        long untilPoll = BETWEEN_POLLS_NANOS - (System.nanoTime() - lastPoll);
        long nanos = Math.min(Math.min(wait.toNanos(), untilPoll), commits.nanosUntilDue());
        parked = Thread.currentThread();
        if (!woken && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = null;
        woken = false;
    }

    private boolean pollIsDue() {
        return System.nanoTime() - lastPoll >= BETWEEN_POLLS_NANOS;
    }

    private boolean hasBuffered() {
        for (KafkaLane lane : lanes.values()) {
            if (!lane.buffer.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<KafkaMessage> takeBuffered(int max) {
        List<KafkaMessage> taken = List.of();
        for (KafkaLane lane : lanes.values()) {
            if (lane.pausedByEngine) {
                continue;
            }
            KafkaMessage message;
            while (taken.size() < max && (message = lane.buffer.poll()) != null) {
                if (taken.isEmpty()) {
                    taken = new ArrayList<>();
                }
                taken.add(message);
            }
        }
        return taken;
    }

    private void pollForGroupOnly() {
        applyPauses(true);
        // Only partitions that are assigned within this poll can yield something; it waits in the buffer.
        distribute(poll(SHORT_POLL), 0);
    }

    private List<KafkaMessage> pollForRecords(int max, Duration wait) {
        applyPauses(false);
        long nanos = Math.min(wait.toNanos(), commits.nanosUntilDue());
        return distribute(poll(Duration.ofNanos(Math.max(0, nanos))), max);
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        polling = true;
        try {
            return consumer.poll(woken ? Duration.ZERO : wait);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (InterruptException e) {
            // The engine interrupts nobody but a thread that is to end; it asks for the flag, which is set again.
            return ConsumerRecords.empty();
        } catch (KafkaException e) {
            throw KafkaTranslator.error("receiving", e);
        } finally {
            polling = false;
            woken = false;
            lastPoll = System.nanoTime();
            commits.throwIfRefused();
        }
    }

    private List<KafkaMessage> distribute(ConsumerRecords<byte[], byte[]> records, int max) {
        if (records.isEmpty()) {
            return List.of();
        }
        List<KafkaMessage> messages = new ArrayList<>(Math.min(max, records.count()));
        for (TopicPartition partition : records.partitions()) {
            KafkaLane lane = lanes.get(partition);
            if (lane == null) {
                continue;
            }
            boolean direct = lane.buffer.isEmpty() && !lane.pausedByEngine;
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                KafkaMessage message =
                        new KafkaMessage(record, lane, lane.offsets().add(record.offset()));
                if (direct && messages.size() < max) {
                    messages.add(message);
                } else {
                    lane.buffer.add(message);
                }
            }
        }
        return messages;
    }

    /** Tells the consumer which partitions are paused, where that has changed. */
    private void applyPauses(boolean all) {
        List<TopicPartition> pause = List.of();
        List<TopicPartition> resume = List.of();
        for (KafkaLane lane : lanes.values()) {
            boolean wanted = all || lane.pausedByEngine;
            if (wanted != lane.paused) {
                lane.paused = wanted;
                if (wanted) {
                    pause = pause.isEmpty() ? new ArrayList<>() : pause;
                    pause.add(lane.partition());
                } else {
                    resume = resume.isEmpty() ? new ArrayList<>() : resume;
                    resume.add(lane.partition());
                }
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
    public void acknowledge(List<? extends InboundMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            KafkaMessage message = (KafkaMessage) messages.get(i);
            KafkaLane lane = message.owner();
            if (lane.owned) {
                lane.offsets().complete(message.number());
            }
        }
        commits.moved();
        commits.sendIfDue();
    }

    /** Back to the head of the buffer: this member still owns the partition, so nobody else can be given them. */
    @Override
    public void release(List<? extends InboundMessage> messages) {
        List<KafkaMessage> backwards = new ArrayList<>();
        for (InboundMessage message : messages) {
            backwards.add((KafkaMessage) message);
        }
        backwards.sort(Comparator.comparingLong(KafkaMessage::number).reversed());
        for (KafkaMessage message : backwards) {
            if (message.owner().owned) {
                message.owner().buffer.addFirst(message);
            }
        }
    }

    @Override
    public void pause(Lane lane) {
        setPaused(lane, true);
    }

    @Override
    public void resume(Lane lane) {
        setPaused(lane, false);
    }

    private void setPaused(Lane wanted, boolean paused) {
        for (KafkaLane lane : lanes.values()) {
            if (lane.lane() == wanted) {
                lane.pausedByEngine = paused;
            }
        }
    }

    @Override
    public Collection<Lane> lanes() {
        return lanesOf(lanes.values());
    }

    private static List<Lane> lanesOf(Collection<KafkaLane> lanes) {
        return lanes.stream().map(KafkaLane::lane).toList();
    }

    @Override
    public void wakeup() {
        woken = true;
        if (polling) {
            consumer.wakeup();
        }
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return type.isInstance(consumer) ? Optional.of(type.cast(consumer)) : Optional.empty();
    }

    @Override
    public void close(Duration timeout) {
        if (closed) {
            return;
        }
        closed = true;
        Deadline deadline = Deadline.after(timeout);
        // An interrupted thread could not commit.
        boolean interrupted = Thread.interrupted();
        try {
            giveUp(List.copyOf(lanes.values()), deadline.left().dividedBy(2));
            consumer.close(CloseOptions.timeout(deadline.left()));
        } catch (KafkaException e) {
            LOG.warn("closing a Kafka consumer left its group to find out by time-out: {}", e.toString());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Commits what is done and forgets the lanes, in this order. */
    private void giveUp(Collection<KafkaLane> leaving, Duration timeout) {
        commits.sendNow(leaving, timeout);
        forget(leaving);
    }

    private void forget(Collection<KafkaLane> leaving) {
        for (KafkaLane lane : leaving) {
            lane.owned = false;
            lane.buffer.clear();
            lanes.remove(lane.partition());
        }
    }

    private List<KafkaLane> owned(Collection<TopicPartition> partitions) {
        List<KafkaLane> owned = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            KafkaLane lane = lanes.get(partition);
            if (lane != null) {
                owned.add(lane);
            }
        }
        return owned;
    }

    /** Called by the consumer from within poll and close, on the receiver's thread. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                lanes.put(partition, new KafkaLane(partition));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            List<KafkaLane> leaving = owned(partitions);
            if (leaving.isEmpty()) {
                return;
            }
            // From here on a wakeup must not interrupt the commit; it is not lost, for this poll ends soon.
            polling = false;
            try {
                listener.lanesRevoked(lanesOf(leaving));
            } catch (MessagingException e) {
                LOG.warn("settling revoked lanes failed, their messages will come again: {}", e.toString());
            }
            giveUp(leaving, config.operationTimeout());
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            List<KafkaLane> gone = owned(partitions);
            if (gone.isEmpty()) {
                return;
            }
            forget(gone);
            listener.lanesLost(lanesOf(gone));
        }
    }
}
