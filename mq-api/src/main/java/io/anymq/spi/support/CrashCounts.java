package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts deliveries over crashes where the broker does not. The mark beside a committed offset says how the last owner
 * ended. If it died, those records of the partition that may have been in flight are handed out one at a time, and
 * before each the broker is told that it is tried: then the record that kills its consumer is the one that carries the
 * count. The crash before that is counted only for the first record after an assignment; to know it for all would take
 * a request each.
 *
 * <p>Several partitions may be in this state at once, each with one record out. A record that was out when an owner
 * died is a suspect; the next time it goes alone, so that no other is counted along with it more than once.
 *
 * <p>Used by the receiver's thread.
 */
@API(API.Status.EXPERIMENTAL)
public final class CrashCounts<L extends LogLane<M>, M extends LogMessage> {
    private static final long WAIT_NANOS = Duration.ofMillis(100).toNanos();
    private static final long WAIT_IN_DOUBT_NANOS = Duration.ofMillis(2).toNanos();

    private final MarkStore<L> store;
    private final Collection<L> lanes;
    private final int window;

    /**
     * Looks after {@code lanes}, a live view of those owned.
     *
     * @param window how many records of a partition the engine takes beyond the first that is not done
     */
    public CrashCounts(MarkStore<L> store, Collection<L> lanes, int window) {
        this.store = store;
        this.lanes = lanes;
        this.window = window;
    }

    /** Prepares assigned partitions that have received their first records. */
    public void prepare() {
        List<L> unread = waiting(LogLane.Care.UNREAD);
        if (!unread.isEmpty()) {
            read(unread);
        }
        List<L> unmarked = waiting(LogLane.Care.UNMARKED);
        if (unmarked.isEmpty()) {
            return;
        }
        if (nothingOut()) {
            // An engine without work begins the first record at once, so this one is counted from its first crash on.
            L first = unmarked.get(0);
            first.current = first.buffer().element();
        }
        if (write(unmarked)) {
            unmarked.forEach(lane -> lane.care = LogLane.Care.OPEN);
        }
    }

    private boolean nothingOut() {
        for (L lane : lanes) {
            if (lane.out() > 0) {
                return false;
            }
        }
        return true;
    }

    private List<L> waiting(LogLane.Care care) {
        List<L> found = List.of();
        for (L lane : lanes) {
            if (lane.care == care && !lane.buffer().isEmpty()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(lane);
            }
        }
        return found;
    }

    private void read(List<L> unread) {
        Map<L, OwnerMark> left = store.read(unread);
        List<L> unclean = new ArrayList<>();
        for (L lane : unread) {
            OwnerMark mark = left.get(lane);
            if (mark != null) {
                lane.inherit(mark.done());
            }
            if (mark != null && mark.open()) {
                unclean.add(lane);
                lane.suspectTries = mark.tries();
                lane.suspect = mark.tries() > 0 ? mark.offset() : -1;
                lane.carefulUntil = mark.offset() + window;
            } else {
                lane.care = LogLane.Care.UNMARKED;
            }
        }
        if (!unclean.isEmpty()) {
            Map<L, Long> ends = store.ends(unclean);
            for (L lane : unclean) {
                Long end = ends.get(lane);
                lane.carefulUntil = end == null ? lane.carefulUntil : Math.min(lane.carefulUntil, end);
                lane.care = LogLane.Care.CAREFUL;
            }
        }
    }

    /** Adds records of the partitions in doubt that may be handed out, at most {@code room}. */
    public void take(List<M> out, int room) {
        List<L> ready = List.of();
        boolean alone = false;
        int trying = 0;
        for (L lane : lanes) {
            if (lane.care != LogLane.Care.CAREFUL) {
                continue;
            }
            if (lane.isTrying()) {
                trying++;
                alone |= isSuspect(lane, lane.current);
                continue;
            }
            lane.current = null;
            M head = lane.buffer().peek();
            if (head == null || lane.isPaused()) {
                continue;
            }
            if (head.offset() >= lane.carefulUntil) {
                lane.care = LogLane.Care.OPEN;
                continue;
            }
            ready = ready.isEmpty() ? new ArrayList<>() : ready;
            ready.add(lane);
        }
        if (ready.isEmpty() || alone || room <= 0) {
            return;
        }
        for (L lane : ready) {
            if (isSuspect(lane, lane.buffer().peek())) {
                if (trying == 0) {
                    handOut(List.of(lane), out);
                }
                return;
            }
        }
        handOut(ready.size() <= room ? ready : ready.subList(0, room), out);
    }

    /** The longest wait before the next look: short while a settlement lets the next record go. */
    public long longestWaitNanos() {
        return inDoubt() ? WAIT_IN_DOUBT_NANOS : WAIT_NANOS;
    }

    private boolean inDoubt() {
        for (L lane : lanes) {
            if (lane.care == LogLane.Care.CAREFUL && !lane.buffer().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean isSuspect(L lane, @Nullable M message) {
        return message != null && message.offset() == lane.suspect;
    }

    private void handOut(List<L> ready, List<M> out) {
        for (L lane : ready) {
            M head = lane.buffer().element();
            head.deliveryCount(isSuspect(lane, head) ? lane.suspectTries + 1 : 1);
            lane.current = head;
        }
        boolean told = false;
        try {
            told = write(ready);
        } finally {
            for (L lane : ready) {
                if (told) {
                    out.add(lane.buffer().remove());
                } else {
                    lane.current = null;
                }
            }
        }
    }

    private boolean write(List<L> of) {
        Map<L, OwnerMark> marks = new HashMap<>();
        of.forEach(lane -> marks.put(lane, lane.progress()));
        return store.write(marks);
    }
}
