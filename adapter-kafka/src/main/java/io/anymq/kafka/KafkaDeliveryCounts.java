package io.anymq.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;

/**
 * Counts deliveries over crashes, which Kafka does not. The mark in a committed offset says how the last owner ended. If
 * it died, those records of the partition that may have been in flight are handed out one at a time, and before each the
 * broker is told that it is tried: then the record that kills its consumer is the one that carries the count. The crash
 * before that is counted only for the first record after an assignment; to know it for all would take a request each.
 *
 * <p>Several partitions may be in this state at once, each with one record out. A record that was out when an owner died
 * is a suspect; the next time it goes alone, so that no other is counted along with it more than once.
 *
 * <p>Used by the receiver's thread.
 */
final class KafkaDeliveryCounts {
    private final Consumer<byte[], byte[]> consumer;
    private final Collection<KafkaLane> lanes;
    private final int window;
    private final Duration timeout;

    /**
     * Looks after {@code lanes}, a live view of those owned.
     *
     * @param window how many records of a partition the engine takes beyond the first that is not done
     * @param timeout for each request to the broker
     */
    KafkaDeliveryCounts(Consumer<byte[], byte[]> consumer, Collection<KafkaLane> lanes, int window, Duration timeout) {
        this.consumer = consumer;
        this.lanes = lanes;
        this.window = window;
        this.timeout = timeout;
    }

    /** Makes ready what was assigned and has got its first records; two requests per assignment. */
    void prepare() {
        List<KafkaLane> unread = waiting(KafkaLane.Care.UNREAD);
        if (!unread.isEmpty()) {
            read(unread);
        }
        List<KafkaLane> unmarked = waiting(KafkaLane.Care.UNMARKED);
        if (unmarked.isEmpty()) {
            return;
        }
        if (nothingOut()) {
            // An engine without work begins the first record at once, so this one is counted from its first crash on.
            KafkaLane first = unmarked.get(0);
            first.current = first.buffer.element();
        }
        if (commit(unmarked, KafkaLane::progress)) {
            unmarked.forEach(lane -> lane.care = KafkaLane.Care.OPEN);
        }
    }

    private boolean nothingOut() {
        for (KafkaLane lane : lanes) {
            if (lane.offsets().span() > lane.buffer.size()) {
                return false;
            }
        }
        return true;
    }

    private List<KafkaLane> waiting(KafkaLane.Care care) {
        List<KafkaLane> found = List.of();
        for (KafkaLane lane : lanes) {
            if (lane.care == care && !lane.buffer.isEmpty()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(lane);
            }
        }
        return found;
    }

    private void read(List<KafkaLane> unread) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(unread.stream().map(KafkaLane::partition).collect(Collectors.toSet()), timeout);
            List<KafkaLane> unclean = new ArrayList<>();
            for (KafkaLane lane : unread) {
                OffsetAndMetadata left = committed.get(lane.partition());
                OwnerMark mark = left == null ? null : OwnerMark.of(left);
                if (mark != null) {
                    lane.inherit(mark.done());
                }
                if (left != null && mark != null && mark.open()) {
                    unclean.add(lane);
                    lane.suspectTries = mark.tries();
                    lane.suspect = mark.tries() > 0 ? left.offset() : -1;
                    lane.carefulUntil = left.offset() + window;
                } else {
                    lane.care = KafkaLane.Care.UNMARKED;
                }
            }
            if (!unclean.isEmpty()) {
                Map<TopicPartition, Long> ends = consumer.endOffsets(
                        unclean.stream().map(KafkaLane::partition).toList(), timeout);
                for (KafkaLane lane : unclean) {
                    Long end = ends.get(lane.partition());
                    lane.carefulUntil = end == null ? lane.carefulUntil : Math.min(lane.carefulUntil, end);
                    lane.care = KafkaLane.Care.CAREFUL;
                }
            }
        } catch (KafkaException e) {
            throw KafkaTranslator.error("reading how the last consumer ended", e);
        }
    }

    /** Adds what may go out of the partitions in doubt, at most {@code room} records. */
    void take(List<KafkaMessage> out, int room) {
        List<KafkaLane> ready = List.of();
        boolean alone = false;
        int trying = 0;
        for (KafkaLane lane : lanes) {
            if (lane.care != KafkaLane.Care.CAREFUL) {
                continue;
            }
            if (lane.isTrying()) {
                trying++;
                alone |= isSuspect(lane, lane.current);
                continue;
            }
            lane.current = null;
            KafkaMessage head = lane.buffer.peek();
            if (head == null || lane.pausedByEngine) {
                continue;
            }
            if (head.offset() >= lane.carefulUntil) {
                lane.care = KafkaLane.Care.OPEN;
                continue;
            }
            ready = ready.isEmpty() ? new ArrayList<>() : ready;
            ready.add(lane);
        }
        if (ready.isEmpty() || alone || room <= 0) {
            return;
        }
        for (KafkaLane lane : ready) {
            if (isSuspect(lane, lane.buffer.peek())) {
                if (trying == 0) {
                    handOut(List.of(lane), out);
                }
                return;
            }
        }
        handOut(ready.size() <= room ? ready : ready.subList(0, room), out);
    }

    /** Whether somebody has to look again soon, because a settlement lets the next record go. */
    boolean inDoubt() {
        for (KafkaLane lane : lanes) {
            if (lane.care == KafkaLane.Care.CAREFUL && !lane.buffer.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSuspect(KafkaLane lane, @Nullable KafkaMessage message) {
        return message != null && message.offset() == lane.suspect;
    }

    private void handOut(List<KafkaLane> ready, List<KafkaMessage> out) {
        for (KafkaLane lane : ready) {
            KafkaMessage head = lane.buffer.element();
            head.deliveryCount(isSuspect(lane, head) ? lane.suspectTries + 1 : 1);
            lane.current = head;
        }
        boolean told = false;
        try {
            told = commit(ready, KafkaLane::progress);
        } finally {
            for (KafkaLane lane : ready) {
                if (told) {
                    out.add(lane.buffer.remove());
                } else {
                    lane.current = null;
                }
            }
        }
    }

    /** False when the lanes are about to be taken away: the next poll will say so. */
    private boolean commit(List<KafkaLane> of, Function<KafkaLane, OffsetAndMetadata> position) {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        of.forEach(lane -> positions.put(lane.partition(), position.apply(lane)));
        try {
            consumer.commitSync(positions, timeout);
            return true;
        } catch (RebalanceInProgressException | CommitFailedException e) {
            return false;
        } catch (KafkaException e) {
            throw KafkaTranslator.error("marking what is being handled", e);
        }
    }
}
