package io.anymq.rocketmq;

import io.anymq.MessagingException;
import io.anymq.rocketmq.RocketMqMarks.Left;
import io.anymq.rocketmq.protocol.BrokerRequests;
import io.anymq.rocketmq.protocol.ProtocolClient;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.OffsetRanges;
import io.anymq.spi.support.OwnerMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.rocketmq.common.message.MessageQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the receiver looks at its membership, and carries out what follows: queues are given up before others
 * can lock them, and taken over only once they are locked. So no queue has two owners, as long as clocks and
 * connections hold; an owner that was away for too long asks for its locks before it does anything else.
 *
 * <p>Used by the receiver's thread.
 */
final class RocketMqOwnership {
    private static final Logger LOG = LoggerFactory.getLogger(RocketMqOwnership.class);

    private static final long BETWEEN_CHECKS_NANOS = Duration.ofSeconds(1).toNanos();

    /** While something of the own share is still locked by another, or a request has failed. */
    private static final long SOON_NANOS = Duration.ofMillis(100).toNanos();

    /** Brokers drop a lock after 60 s and a client after 120 s. */
    private static final long BETWEEN_RENEWALS_NANOS = Duration.ofSeconds(5).toNanos();

    /** A process that stood still for so long may have lost its locks. */
    private static final long STALE_NANOS = Duration.ofSeconds(20).toNanos();

    /** After a broker came back, its other consumers get this long to be there again before their share is taken. */
    private static final long CALM_NANOS = Duration.ofSeconds(3).toNanos();

    /** Messages are deleted after 72 h by default, and a mark must not be. */
    private static final long BETWEEN_MARKS_NANOS = Duration.ofHours(12).toNanos();

    private final ProtocolClient client;
    private final RocketMqMembership membership;
    private final RocketMqMarks marks;
    private final RecreatedQueues recreated;
    private final String group;
    private final Duration timeout;
    private final Duration takeoverDelay;
    private final int largestBody;

    /** A live view of those owned. */
    private final Map<MessageQueue, RocketMqLane> lanes;

    private final Consumer<Collection<RocketMqLane>> revoke;
    private final Consumer<Collection<RocketMqLane>> lost;

    /** Since when, in {@link System#nanoTime()}, a lock was refused. */
    private final Map<MessageQueue, Long> refusedSince = new HashMap<>();

    private Collection<MessageQueue> all = List.of();
    private long nextCheck = System.nanoTime();
    private long renewedAt = System.nanoTime();
    private long calmUntil = System.nanoTime();
    private boolean broken;
    private boolean joined;
    private boolean awayIsLogged;

    /** A broker's word that the group has changed, from the client's thread. */
    private volatile boolean changed;

    /**
     * Puts lanes that it has taken over into {@code lanes}.
     *
     * @param revoke settles lanes and gives them up; another is waiting for them
     * @param lost gives lanes up that belong to another already
     */
    RocketMqOwnership(
            ProtocolClient client,
            RocketMqMembership membership,
            RocketMqMarks marks,
            RecreatedQueues recreated,
            String group,
            RocketMqConfig config,
            Map<MessageQueue, RocketMqLane> lanes,
            Consumer<Collection<RocketMqLane>> revoke,
            Consumer<Collection<RocketMqLane>> lost) {
        this.client = client;
        this.membership = membership;
        this.marks = marks;
        this.recreated = recreated;
        this.group = group;
        this.timeout = config.upkeepTimeout();
        this.takeoverDelay = config.takeoverDelay();
        this.largestBody = config.maxMessageBytes();
        this.lanes = lanes;
        this.revoke = revoke;
        this.lost = lost;
    }

    /** Whether the locks were confirmed recently enough to rely on them. */
    boolean isFresh() {
        return System.nanoTime() - renewedAt < STALE_NANOS;
    }

    /** A pull has failed: the broker may have been restarted and have forgotten the locks. */
    void connectionFailed() {
        if (!broken) {
            broken = true;
            nextCheck = Math.min(nextCheck, System.nanoTime() + SOON_NANOS);
        }
    }

    /** A member has come or gone. Called from any thread. */
    void groupChanged() {
        changed = true;
    }

    long nanosUntilDue() {
        return changed ? 0 : Math.max(0, nextCheck - System.nanoTime());
    }

    void checkIfDue() {
        if (nextCheck - System.nanoTime() > 0 && !changed && isFresh()) {
            return;
        }
        try {
            check();
            if (awayIsLogged) {
                awayIsLogged = false;
                LOG.info("The broker of group {} answers again", group);
            }
        } catch (MessagingException e) {
            if (!e.isRetryable()) {
                throw e;
            }
            // The lanes stay: no other consumer can lock them while the broker is away.
            LOG.debug("Could not read the members and locks of group {}; trying again soon", group, e);
            if (!awayIsLogged) {
                awayIsLogged = true;
                LOG.warn(
                        "The broker of group {} does not answer: {}; keeping its message queues and trying again until"
                                + " it does",
                        group,
                        e.getMessage());
            }
            broken = true;
            nextCheck = System.nanoTime() + SOON_NANOS;
        }
    }

    /**
     * Looks at the group, gives up and takes over.
     *
     * @throws MessagingException if a broker does not answer; earlier changes remain in effect
     */
    void check() {
        changed = false;
        Map<String, List<MessageQueue>> queues = membership.queues();
        all = queues.values().stream().flatMap(List::stream).toList();
        if (!joined || broken || System.nanoTime() - renewedAt >= BETWEEN_RENEWALS_NANOS) {
            membership.heartbeat(all);
            renew();
            joined = true;
        }
        List<String> members = membership.members(all);
        Set<MessageQueue> share = membership.share(queues, members);
        if (share.isEmpty() && !members.contains(membership.clientId())) {
            // The broker has forgotten this client; the next check introduces it again.
            broken = true;
            nextCheck = System.nanoTime() + SOON_NANOS;
            return;
        }
        List<RocketMqLane> leaving = lanesWithout(share);
        if (!leaving.isEmpty()) {
            revoke.accept(leaving);
        }
        boolean complete = System.nanoTime() - calmUntil < 0 || takeOver(share);
        refreshMarks(lanes.values());
        nextCheck = System.nanoTime() + (complete ? BETWEEN_CHECKS_NANOS : SOON_NANOS);
    }

    private void renew() {
        Set<MessageQueue> locked = membership.lock(lanes.keySet());
        List<RocketMqLane> gone = lanesWithout(locked);
        if (broken) {
            broken = false;
            calmUntil = System.nanoTime() + (joined ? CALM_NANOS : 0);
        }
        renewedAt = System.nanoTime();
        if (!gone.isEmpty()) {
            LOG.warn(
                    "Lost {} of group {} to another consumer; their messages in flight will be redelivered",
                    gone,
                    group);
            lost.accept(gone);
        }
    }

    private List<RocketMqLane> lanesWithout(Set<MessageQueue> kept) {
        return lanes.values().stream()
                .filter(lane -> !kept.contains(lane.queue()))
                .toList();
    }

    /** True when the whole share is owned. */
    private boolean takeOver(Set<MessageQueue> share) {
        List<MessageQueue> wanted = new ArrayList<>(share);
        wanted.removeAll(lanes.keySet());
        refusedSince.keySet().retainAll(wanted);
        if (wanted.isEmpty()) {
            return true;
        }
        Set<MessageQueue> locked = membership.lock(wanted);
        wanted.removeAll(locked);
        refusedSince.keySet().removeAll(locked);
        if (!locked.isEmpty()) {
            prepareOrUnlock(List.copyOf(locked)).forEach(lane -> lanes.put(lane.queue(), lane));
        }
        breakOldLocks(wanted);
        return wanted.isEmpty();
    }

    private void breakOldLocks(List<MessageQueue> refused) {
        long now = System.nanoTime();
        List<MessageQueue> old = new ArrayList<>();
        for (MessageQueue queue : refused) {
            if (now - refusedSince.computeIfAbsent(queue, any -> now) > takeoverDelay.toNanos()) {
                old.add(queue);
                refusedSince.put(queue, now);
            }
        }
        if (!old.isEmpty()) {
            membership.breakLocks(old, marks);
        }
    }

    /**
     * A broker whose disk is full locks, but accepts no marks; other consumers must not wait for these locks to expire.
     */
    private List<RocketMqLane> prepareOrUnlock(List<MessageQueue> locked) {
        try {
            return prepare(locked);
        } catch (Throwable e) {
            unlockQuietly(locked);
            throw e;
        }
    }

    private void unlockQuietly(Collection<MessageQueue> queues) {
        try {
            unlock(queues);
        } catch (MessagingException e) {
            LOG.debug("Could not unlock {} of group {}; the locks expire by themselves", queues, group, e);
        }
    }

    private List<RocketMqLane> prepare(List<MessageQueue> locked) {
        Map<MessageQueue, Left> left = marks.begin(locked);
        List<RocketMqLane> prepared = new ArrayList<>();
        for (MessageQueue queue : locked) {
            long firstStoredAt = client.broker(queue, timeout).firstStoredAt(queue);
            RocketMqLane lane = lane(queue, left.get(queue), firstStoredAt);
            lane.firstStoredAt = firstStoredAt;
            prepared.add(lane);
        }
        return prepared;
    }

    private RocketMqLane lane(MessageQueue queue, @Nullable Left left, long firstStoredAt) {
        if (left != null && recreated.isAnother(queue, left, firstStoredAt)) {
            RecreatedQueues.log(queue);
            RocketMqLane first = new RocketMqLane(queue, 0, null, largestBody);
            first.committed = BrokerRequests.NONE;
            return first;
        }
        OwnerMark mark = left == null ? null : left.mark();
        long start = start(queue, mark);
        return new RocketMqLane(queue, start, unlessPutBack(mark, start), largestBody);
    }

    /** An operator who puts a group back wants all from there again, also what was done behind others. */
    private static @Nullable OwnerMark unlessPutBack(@Nullable OwnerMark mark, long start) {
        return mark == null || mark.offset() <= start
                ? mark
                : new OwnerMark(mark.offset(), mark.open(), mark.tries(), new OffsetRanges());
    }

    /** The committed offset; if a killed broker has lost it, the mark's; otherwise the oldest message. */
    private long start(MessageQueue queue, @Nullable OwnerMark mark) {
        long committed = client.broker(queue, timeout).committed(group, queue);
        if (committed != BrokerRequests.NONE) {
            return committed;
        }
        return mark != null ? mark.offset() : client.broker(queue, timeout).first(queue);
    }

    private void refreshMarks(Collection<RocketMqLane> lanes) {
        Map<RocketMqLane, OwnerMark> old = new HashMap<>();
        for (RocketMqLane lane : lanes) {
            if (lane.isMarked() && lane.committable() >= 0 && System.nanoTime() - lane.markedAt > BETWEEN_MARKS_NANOS) {
                old.put(lane, lane.progress());
            }
        }
        if (!old.isEmpty()) {
            marks.write(old);
        }
    }

    void unlock(Collection<MessageQueue> queues) {
        membership.unlock(queues);
    }

    /** Leaves the group; brokers that cannot be told notice the closed connection. */
    void leave(Deadline deadline) {
        try {
            membership.leave(all, deadline);
        } catch (MessagingException e) {
            LOG.debug("Could not tell the broker about leaving group {}; it notices by itself", group, e);
        }
    }
}
