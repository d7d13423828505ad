package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.Lane;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a log from its assignment to its revocation: records waiting to be handed out, records in flight,
 * and up to which offset all is done. A later assignment of the same partition is another lane. Used by the receiver's
 * thread, except for {@link #isOwned()}.
 */
@API(API.Status.EXPERIMENTAL)
public class LogLane<M extends LogMessage> {
    /** The way records of the lane are handed out; see {@link CrashCounts}. */
    enum Care {
        /** Not yet: the previous owner's mark must be read first. */
        UNREAD,
        /** Not yet: the new owner's mark must be written first. */
        UNMARKED,
        /** Without further checks. */
        OPEN,
        /** One at a time, each counted at the broker first. */
        CAREFUL
    }

    private final Lane lane;
    private ContiguousOffsets offsets = new ContiguousOffsets();
    private final ArrayDeque<M> buffer = new ArrayDeque<>();
    private volatile boolean owned = true;
    private boolean moved;
    private boolean paused;

    Care care = Care.UNREAD;

    /** CAREFUL: the first offset that cannot have been in flight when the last owner ended. */
    long carefulUntil;

    /** CAREFUL: the record that an owner has died of, or beside, before; −1 for none. */
    long suspect = -1;

    /** CAREFUL: how often that happened. */
    int suspectTries;

    /** Records that earlier owners had done behind their committed offset. */
    private OffsetRanges inherited = new OffsetRanges();

    /** The one record whose try is marked at the broker, or null. */
    @Nullable
    M current;

    /** One that is owned from now on; the name is for logs. */
    public LogLane(String name) {
        this.lane = new Lane(name);
    }

    /**
     * Called once, before the first record, by an adapter that knows how the last owner ended and counts attempts
     * itself: records are handed out as they come, with the count that {@link LogMessage#LogMessage(LogLane, long,
     * int)} gives them. Otherwise {@link CrashCounts} finds out and counts.
     *
     * @param start the offset below which all is done
     * @param done what earlier owners had done from there on
     */
    protected final void begin(long start, OffsetRanges done) {
        offsets = new ContiguousOffsets(start);
        inherited = done;
        care = Care.OPEN;
    }

    /** The lane as the engine knows it. */
    public final Lane lane() {
        return lane;
    }

    /** Taken and not handed out, in order. */
    public final ArrayDeque<M> buffer() {
        return buffer;
    }

    /** Whether a settlement still counts. From any thread. */
    public final boolean isOwned() {
        return owned;
    }

    /** It belongs to another receiver from now on. */
    public final void forget() {
        owned = false;
        buffer.clear();
    }

    /** Whether something was settled that no mark has carried yet. */
    public final boolean isMoved() {
        return moved;
    }

    /** The mark that carried it was lost. */
    public final void moveAgain() {
        moved = true;
    }

    /** The state requested with {@code pause(Lane)} and {@code resume(Lane)}. */
    public final void pause(boolean wanted) {
        paused = wanted;
    }

    /** Whether the engine has paused it. */
    public final boolean isPaused() {
        return paused;
    }

    /** Whether its buffered records may be handed out as they are. */
    public final boolean flows() {
        return care == Care.OPEN && !paused;
    }

    /** Whether the broker was told that it is owned. */
    public final boolean isMarked() {
        return care == Care.OPEN || care == Care.CAREFUL;
    }

    /** Whether the record whose try is marked is not done. */
    final boolean isTrying() {
        return current != null && offsets.committable() <= current.offset();
    }

    /**
     * So many attempts of the record at {@code offset} have begun, as {@link io.anymq.spi.InboundMessage#attempts}
     * says; for an adapter that counts them itself. Called on a handler's thread, several of them at a time.
     */
    protected void attempts(long offset, int total) {}

    /**
     * Counts a record in, in the order of the partition; false, and settled, if an earlier owner had done it already.
     */
    protected final boolean take(M message) {
        message.number(offsets.add(message.offset()));
        return !isDone(message);
    }

    /**
     * All records before {@code offset} were counted in; what else is there is not for this receiver, such as
     * transaction markers and aborted records.
     *
     * @return whether there is something to commit that there was not before
     */
    protected final boolean pass(long offset) {
        boolean passed = offsets.pass(offset);
        moved |= passed;
        return passed;
    }

    /** Drops those buffered records that turn out to be done already. */
    final void inherit(OffsetRanges done) {
        inherited = done;
        buffer.removeIf(this::isDone);
    }

    private boolean isDone(LogMessage message) {
        if (!inherited.contains(message.offset())) {
            return false;
        }
        settle(message);
        return true;
    }

    /** It is done; a second time does nothing. */
    public final void settle(LogMessage message) {
        offsets.complete(message.number());
        moved = true;
    }

    /** Everything below this offset is done; before the first record the start, −1 if none was given. */
    public final long committable() {
        return offsets.committable();
    }

    /** The number of records that are in flight, or done behind one in flight. */
    public final long out() {
        return offsets.span() - buffer.size();
    }

    /** The mark to write while the lane remains owned. */
    public final OwnerMark progress() {
        long offset = offsets.committable();
        int tries = current != null && isTrying() ? current.deliveryCount() : remembered(offset);
        return mark(offset, true, tries);
    }

    /** The mark to write when the lane is given up in good order: the current try does not count. */
    public final OwnerMark farewell() {
        long offset = offsets.committable();
        return mark(offset, false, remembered(offset));
    }

    private OwnerMark mark(long offset, boolean open, int tries) {
        moved = false;
        OffsetRanges done = offsets.doneAhead(OwnerMark.MOST_RANGES);
        done.addAbove(inherited, offsets.end());
        return new OwnerMark(offset, open, tries, done);
    }

    /** Whether the mark has room for 100 more records that are done behind one that is not. */
    final boolean remembersGaps() {
        OffsetRanges done = offsets.doneAhead(OwnerMark.MOST_RANGES);
        done.addAbove(inherited, offsets.end());
        return OwnerMark.hasRoomForMore(done, offsets.committable());
    }

    /** Earlier tries of the record at the committed offset must not be forgotten before it is done. */
    private int remembered(long offset) {
        return care == Care.CAREFUL && offset == suspect ? suspectTries : 0;
    }
}
