package io.anymq.spi.support;

import io.anymq.API;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Commits what is done of each partition in the background, at most every 100 ms. One round is in progress at a time,
 * so an older commit cannot overtake a newer one; a commit that failed is repeated in a later round. Used by the
 * receiver's thread, except for {@link #ended}.
 *
 * <pre>{@code
 * final class XCommits extends LogCommits<XLane> {
 *     XCommits(XClient client, Collection<XLane> lanes) {
 *         super(lanes, XLane::isMoved, XLane::moveAgain);
 *     }
 *
 *     protected void send(List<XLane> moved) {
 *         client.commit(positions(moved), failure -> moved.forEach(lane -> ended(lane, failure == null)));
 *     }
 * }
 * }</pre>
 *
 * @param <L> the state of a partition
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LogCommits<L> {
    private final Collection<L> lanes;
    private final Predicate<L> isMoved;
    private final Consumer<L> moveAgain;
    private final Cadence cadence = new Cadence(Duration.ofMillis(100));
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<L> failed = new ConcurrentLinkedQueue<>();

    /**
     * Commits {@code lanes}, a live view of those owned.
     *
     * @param isMoved whether something of it is done that no commit has carried yet
     * @param moveAgain told of a commit that was lost
     */
    protected LogCommits(Collection<L> lanes, Predicate<L> isMoved, Consumer<L> moveAgain) {
        this.lanes = lanes;
        this.isMoved = isMoved;
        this.moveAgain = moveAgain;
    }

    /** Begins to commit these, and calls {@link #ended} once for each of them. Throws nothing. */
    protected abstract void send(List<L> moved);

    /** How a commit ended; from any thread. */
    protected final void ended(L lane, boolean committed) {
        if (!committed) {
            failed.add(lane);
        }
        underWay.decrementAndGet();
    }

    /** Something is done. */
    public final void moved() {
        cadence.request();
    }

    /** The longest permitted wait before {@link #sendIfDue}. */
    public final long nanosUntilDue() {
        return underWay.get() > 0 ? Long.MAX_VALUE : cadence.nanosUntilDue();
    }

    /** Begins a round where it is time. */
    public final void sendIfDue() {
        if (underWay.get() > 0) {
            return;
        }
        for (L lane = failed.poll(); lane != null; lane = failed.poll()) {
            moveAgain.accept(lane);
            cadence.request();
        }
        if (!cadence.isDue()) {
            return;
        }
        cadence.restart();
        List<L> moved = lanes.stream().filter(isMoved).toList();
        if (!moved.isEmpty()) {
            underWay.set(moved.size());
            send(moved);
        }
    }
}
