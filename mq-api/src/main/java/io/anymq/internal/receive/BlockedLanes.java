package io.anymq.internal.receive;

import io.anymq.internal.receive.policy.HeldUp;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the messages that are blocked behind a retry of their key, lane by lane: a lane is paused while it has more
 * than four times what is left for all, so that one lane cannot use up what the others need. For the receive thread.
 */
final class BlockedLanes {
    private static final int TIMES_THE_REST = 4;

    private final boolean pauses;
    private final HeldUp all;
    private final int most;
    private final long mostBytes;
    private final Map<Lane, HeldUp> lanes = new HashMap<>();
    private final Set<Lane> paused = new HashSet<>();
    private boolean full;

    /** {@code pauses}: whether lanes can be paused if the receiver is able to; otherwise receiving stops altogether. */
    BlockedLanes(boolean pauses, HeldUp all, int most, long mostBytes) {
        this.pauses = pauses;
        this.all = all;
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** Where messages of {@code lane} are counted. */
    HeldUp of(Lane lane) {
        HeldUp known = lanes.get(lane);
        if (known == null) {
            known = all.ofLane();
            lanes.put(lane, known);
        }
        return known;
    }

    /** The lanes (null: all) are no longer owned. */
    void forget(@Nullable Set<Lane> gone) {
        if (gone == null) {
            lanes.clear();
            paused.clear();
            full = false;
        } else {
            lanes.keySet().removeAll(gone);
            paused.removeAll(gone);
        }
    }

    /** What {@link #haveRoom} said last. */
    boolean areOpen() {
        return !full;
    }

    /** Pauses lanes that have too many, resumes those that have not; false if nothing more may be received at all. */
    boolean haveRoom(BrokerReceiver receiver) {
        if (all.blocked() == 0 && paused.isEmpty()) {
            full = false;
            return true;
        }
        if (!pauses || !(receiver instanceof PausableReceiver pausable)) {
            full = isOver(all, most - all.blocked(), mostBytes - all.blockedBytes(), full);
            return !full;
        }
        int left = most - all.blocked();
        long bytesLeft = mostBytes - all.blockedBytes();
        for (Map.Entry<Lane, HeldUp> entry : lanes.entrySet()) {
            Lane lane = entry.getKey();
            boolean isPaused = paused.contains(lane);
            boolean over = isOver(entry.getValue(), left, bytesLeft, isPaused);
            if (over && !isPaused) {
                paused.add(lane);
                pausable.pause(lane);
            } else if (isPaused && !over) {
                paused.remove(lane);
                pausable.resume(lane);
            }
        }
        return true;
    }

    /** A paused lane stays so until it is an eighth below the limit. */
    private static boolean isOver(HeldUp lane, int left, long bytesLeft, boolean wasOver) {
        return lane.blocked() > 0
                && (isOver(lane.blocked(), left, wasOver) || isOver(lane.blockedBytes(), bytesLeft, wasOver));
    }

    private static boolean isOver(long has, long left, boolean wasOver) {
        return (wasOver ? has + has / 8 : has) > TIMES_THE_REST * (double) left;
    }
}
