package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.LaneListener;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A base for receivers of a log whose broker does not share lanes among them, but has {@linkplain LaneLocks locks}.
 * Each receiver takes the lock on one of as many seats as there are lanes, so that all know how many they are; then it
 * gives up what exceeds its share, and owns what is free. Shares differ by one at most. A receiver that finds no free
 * seat waits for one.
 *
 * <p>Used by the receiver's thread.
 *
 * @param <L> what is kept of a lane
 * @param <M> a message of one
 */
@API(API.Status.EXPERIMENTAL)
public abstract class SharedLogReceiver<L extends LogLane<M>, M extends LogMessage> extends LogReceiver<Integer, L, M> {
    private static final int NONE = -1;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration BETWEEN_SAVES = Duration.ofMillis(100);

    private final int count;
    private final LaneLocks locks;
    private final Duration operationTimeout;
    private final Map<L, LaneLocks.Held> owned = new HashMap<>();
    private final Cadence looks = new Cadence(BETWEEN_LOOKS);
    private final Cadence saves = new Cadence(BETWEEN_SAVES);
    private int seat = NONE;
    private LaneLocks.@Nullable Held seatLock;

    /**
     * One that owns nothing yet.
     *
     * @param lanes how many there are, the same number for all receivers of a source
     * @param locks those of the source
     * @param operationTimeout for each {@link #save}
     */
    protected SharedLogReceiver(LaneListener listener, int lanes, LaneLocks locks, Duration operationTimeout) {
        super(listener);
        this.count = lanes;
        this.locks = locks;
        this.operationTimeout = operationTimeout;
        looks.request();
    }

    /**
     * Begins to read a lane where the last owner ended. The lock on it is held, until after {@link #save}.
     *
     * @throws io.anymq.MessagingException if that cannot be found out
     */
    protected abstract L own(int lane);

    /**
     * {@inheritDoc} Also called now and then for lanes that stay, and then what it throws ends this receiver as an
     * error of {@code receive} does.
     */
    @Override
    protected abstract void save(Collection<L> lanes, Duration timeout);

    /** Saves settlements, gives lanes up and takes others over, where it is time. For each call of {@code receive}. */
    protected final void upkeep() {
        if (saves.isDue()) {
            saves.restart();
            save(lanes().all().stream().filter(LogLane::isMoved).toList(), operationTimeout);
        }
        if (looks.isDue()) {
            looks.restart();
            looks.request();
            share();
        }
    }

    private void share() {
        int share = shareNow();
        List<L> mine = List.copyOf(lanes().all());
        if (mine.size() > share) {
            revoke(mine.subList(share, mine.size()), operationTimeout);
        }
        for (int lane = 0; lane < count && lanes().all().size() < share; lane++) {
            LaneLocks.Held lock = lanes().byName().containsKey(lane) ? null : locks.tryLock("lane-" + lane);
            if (lock != null) {
                take(lane, lock);
            }
        }
    }

    private void take(int number, LaneLocks.Held lock) {
        L lane = null;
        try {
            lane = own(number);
            owned.put(lane, lock);
            lanes().byName().put(number, lane);
        } finally {
            if (lane == null) {
                lock.close();
            }
        }
    }

    private int shareNow() {
        for (int number = 0; seat == NONE && number < count; number++) {
            seatLock = locks.tryLock("seat-" + number);
            seat = seatLock == null ? NONE : number;
        }
        if (seat == NONE) {
            return 0;
        }
        int taken = 1;
        int before = 0;
        for (int number = 0; number < count; number++) {
            if (number != seat && locks.isLocked("seat-" + number)) {
                taken++;
                before += number < seat ? 1 : 0;
            }
        }
        return count / taken + (before < count % taken ? 1 : 0);
    }

    @Override
    protected final void settled() {
        saves.request();
    }

    @Override
    protected final void handOver(Collection<L> leaving) {
        for (L lane : leaving) {
            LaneLocks.Held lock = owned.remove(lane);
            if (lock != null) {
                lock.close();
            }
        }
    }

    @Override
    protected void release(Deadline deadline) {
        if (seatLock != null) {
            seatLock.close();
        }
    }
}
