package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.rocketmq.protocol.Failure;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.Address;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.LaneListener;
import io.anymq.spi.ReceiverOptions;
import io.anymq.spi.support.CrashCounts;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.LogReceiver;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.utils.NetworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one topic and its group's redelivery topic as a member of the group. */
final class RocketMqReceiver extends LogReceiver<MessageQueue, RocketMqLane, RocketMqMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(RocketMqReceiver.class);

    private static final long PULL_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final ProtocolClient client;
    private final RocketMqPulls pulls;
    private final RocketMqMarks marks;
    private final RocketMqCommits commits;
    private final RecreatedQueues recreated;
    private final RocketMqOwnership ownership;
    private final CrashCounts<RocketMqLane, RocketMqMessage> counts;
    private final int window;
    private final long bytesAhead;
    private final Duration timeout;

    /** The client is the receiver's own, because a broker tells consumers apart by their connection. */
    RocketMqReceiver(
            ProtocolClient client,
            RocketMqConfig config,
            Address address,
            ReceiverOptions options,
            LaneListener listener) {
        super(listener);
        this.client = client;
        this.window = options.maxInFlight();
        this.bytesAhead = options.maxInFlightBytes() / 4;
        String group = RocketMqNames.group(address);
        String clientId = NetworkUtil.getLocalAddress() + "@" + options.name() + "@" + UUID.randomUUID();
        List<String> topics = List.of(RocketMqNames.topic(address), RocketMqNames.redeliveryTopic(group));
        this.timeout = config.upkeepTimeout();
        this.pulls = new RocketMqPulls(client, group);
        this.marks = new RocketMqMarks(client, group, clientId, timeout);
        this.commits = new RocketMqCommits(client, group, timeout, lanes().all());
        this.counts = new CrashCounts<>(marks, lanes().all(), window);
        this.recreated = new RecreatedQueues(client, timeout);
        this.ownership = new RocketMqOwnership(
                client,
                new RocketMqMembership(client, group, topics, clientId, timeout),
                marks,
                recreated,
                group,
                config,
                lanes().byName(),
                leaving -> revoke(leaving, timeout),
                this::lost);
        client.onMembersChanged(() -> {
            ownership.groupChanged();
            pulls.wake();
        });
    }

    /** Joins the group, so that the first receive finds messages. */
    void join() {
        ownership.check();
    }

    @Override
    public List<? extends InboundMessage> receive(int max, Duration wait) {
        ownership.checkIfDue();
        if (ownership.isFresh()) {
            recreated.look(lanes().all()).forEach(this::beginAgain);
            commits.sendIfDue();
        }
        List<RocketMqMessage> messages = new ArrayList<>();
        takeAndPull(messages, max);
        if (messages.isEmpty()) {
            pulls.await(waitFor(wait));
            takeAndPull(messages, max);
        }
        return messages;
    }

    private void takeAndPull(List<RocketMqMessage> messages, int max) {
        takeArrivals();
        if (max > 0) {
            takeBuffered(messages, max);
        }
        pullWhereThereIsRoom();
    }

    private long waitFor(Duration wanted) {
        long nanos = Math.min(Math.min(wanted.toNanos(), counts.longestWaitNanos()), commits.nanosUntilDue());
        nanos = Math.min(nanos, ownership.nanosUntilDue());
        long now = System.currentTimeMillis();
        for (RocketMqLane lane : lanes().all()) {
            nanos = Math.min(nanos, lane.nanosUntilDue(now));
        }
        return Math.max(0, nanos);
    }

    private void takeBuffered(List<RocketMqMessage> messages, int max) {
        if (!ownership.isFresh()) {
            return;
        }
        long now = System.currentTimeMillis();
        for (RocketMqLane lane : lanes().all()) {
            if (lane.takeDue(now)) {
                commits.moved();
            }
        }
        counts.prepare();
        counts.take(messages, max - messages.size());
        lanes().takeFlowing(messages, max);
    }

    private void takeArrivals() {
        for (RocketMqPulls.Arrival arrival = pulls.poll(); arrival != null; arrival = pulls.poll()) {
            RocketMqLane lane = arrival.lane();
            lane.pulling = false;
            if (lane.isOwned()) {
                take(lane, arrival);
            }
        }
    }

    private void take(RocketMqLane lane, RocketMqPulls.Arrival arrival) {
        PullResult result = arrival.result();
        if (result == null) {
            pullFailed(lane, Objects.requireNonNull(arrival.failure()));
        } else if (result.getPullStatus() == PullStatus.OFFSET_ILLEGAL && result.getNextBeginOffset() < lane.next) {
            long offset = result.getNextBeginOffset();
            if (recreated.isRecreated(lane)) {
                beginAgain(lane);
                return;
            }
            String reason = result.getMaxOffset() < lane.next ? "the queue ends before it" : "the group was put back";
            LOG.warn("Cannot receive {} from offset {}: {}; going on at {}", lane.queue(), lane.next, reason, offset);
            restart(lane, offset);
        } else {
            lane.arrived(result.getMsgFoundList(), result.getNextBeginOffset(), System.currentTimeMillis());
        }
    }

    private void beginAgain(RocketMqLane lane) {
        RecreatedQueues.log(lane.queue());
        restart(lane, 0);
    }

    private void pullFailed(RocketMqLane lane, Failure failure) {
        recreated.suspect();
        lane.pullAgainAt = System.nanoTime() + PULL_PAUSE_NANOS;
        if (failure.reason() == Failure.Reason.NO_PERMISSION) {
            throw RocketMqTranslator.error("receiving from " + lane.queue(), failure);
        }
        // Broker or topic may come back; until then there is nothing to receive.
        LOG.debug("A pull from {} failed; reconnecting", lane.queue(), failure.cause());
        ownership.connectionFailed();
    }

    /** The broker has lost messages, or an operator has put the group back. */
    private void restart(RocketMqLane lane, long offset) {
        lost(List.of(lane));
        RocketMqLane again = lane.from(offset);
        again.committed = -1;
        lanes().byName().put(lane.queue(), again);
        commits.moved();
    }

    private void pullWhereThereIsRoom() {
        long now = System.nanoTime();
        int room = Math.max(32, Math.min(256, window / Math.max(1, lanes().all().size())));
        long bytes = bytesAhead / Math.max(1, lanes().all().size());
        for (RocketMqLane lane : lanes().all()) {
            boolean hasRoom = lane.waiting() == 0 || (lane.waiting() < room && lane.waitingBytes() < bytes);
            if (!lane.pulling && hasRoom && lane.pullAgainAt - now <= 0) {
                pulls.pull(lane);
            }
        }
    }

    @Override
    protected void settled() {
        commits.moved();
        if (ownership.isFresh()) {
            commits.sendIfDue();
        }
    }

    /** The number of message queues it owns now. */
    int laneCount() {
        return lanes().all().size();
    }

    @Override
    public void wakeup() {
        pulls.wake();
    }

    @Override
    public <V> Optional<V> unwrap(Class<V> type) {
        return client.unwrap(type);
    }

    @Override
    protected void save(Collection<RocketMqLane> leaving, Duration timeout) {
        Map<MessageQueue, OwnerMark> farewells = new LinkedHashMap<>();
        for (RocketMqLane lane : leaving) {
            farewells.put(lane.queue(), farewell(lane));
        }
        marks.writeMarks(farewells);
        commits.sendNow(leaving);
    }

    @Override
    protected void handOver(Collection<RocketMqLane> leaving) {
        try {
            ownership.unlock(leaving.stream().map(RocketMqLane::queue).collect(Collectors.toSet()));
        } catch (MessagingException e) {
            LOG.warn(
                    "Could not unlock message queues: {}; other consumers must wait until the locks expire",
                    e.toString());
        }
    }

    @Override
    protected void release(Deadline deadline) {
        try {
            ownership.leave(deadline);
        } finally {
            client.close(deadline.left());
        }
    }

    /** A lane without any message repeats the mark it had when it was taken over. */
    private static OwnerMark farewell(RocketMqLane lane) {
        if (lane.isMarked() && lane.committable() >= 0) {
            return lane.farewell();
        }
        OwnerMark before = lane.inherited();
        return before != null ? before : new OwnerMark(lane.done(), false, 0, new OffsetRanges());
    }
}
