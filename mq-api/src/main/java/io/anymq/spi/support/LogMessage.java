package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.spi.Lane;

/**
 * A record of a partition as a message. Used by the receiver's thread, the data read by one other at a time. Its
 * attempts are counted where it is handed out, by {@link CrashCounts}, unless the adapter says how many there were.
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LogMessage extends LazyMessage {
    private final LogLane<?> owner;
    private final long offset;
    private long number;
    private int deliveryCount;

    /** For a record at {@code offset} of a partition. */
    protected LogMessage(LogLane<?> owner, long offset) {
        this(owner, offset, 1);
    }

    /** For a record at {@code offset} of a partition, where the adapter counts attempts itself. */
    protected LogMessage(LogLane<?> owner, long offset, int deliveryCount) {
        this.owner = owner;
        this.offset = offset;
        this.deliveryCount = deliveryCount;
    }

    /** Given to {@link LogLane#attempts} of its lane, unless that belongs to another receiver by now. */
    @Override
    public final void attempts(int total) {
        if (owner.isOwned()) {
            owner.attempts(offset, total);
        }
    }

    final LogLane<?> owner() {
        return owner;
    }

    /** Its place in the partition. */
    public final long offset() {
        return offset;
    }

    /** Its number in the lane, ascending. */
    final long number() {
        return number;
    }

    final void number(long assigned) {
        number = assigned;
    }

    /** The name of the lane and the offset, as {@code orders-3@17}. */
    @Override
    protected String derivedId() {
        return owner.lane().name() + "@" + offset;
    }

    @Override
    public final Lane lane() {
        return owner.lane();
    }

    @Override
    public final int deliveryCount() {
        return deliveryCount;
    }

    final void deliveryCount(int count) {
        deliveryCount = count;
    }
}
