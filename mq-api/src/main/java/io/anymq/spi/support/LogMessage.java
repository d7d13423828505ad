package io.anymq.spi.support;

import io.anymq.API;

/**
 * A record of a partition as a message. Used by the receiver's thread, the data read by one other at a time. Its attempts are
 * counted where it is handed out: see {@link CrashCounts}.
 */
@API(API.Status.EXPERIMENTAL)
public abstract class LogMessage extends LazyMessage {
    private final long offset;
    private final long number;
    private int deliveryCount = 1;

    /**
     * For a record that was just taken.
     *
     * @param offset its place in the partition
     * @param number what {@link LogLane#add} returned for it
     */
    protected LogMessage(long offset, long number) {
        this.offset = offset;
        this.number = number;
    }

    /** Its place in the partition. */
    public final long offset() {
        return offset;
    }

    /** Its number in the lane, ascending. */
    public final long number() {
        return number;
    }

    @Override
    public final int deliveryCount() {
        return deliveryCount;
    }

    final void deliveryCount(int count) {
        deliveryCount = count;
    }
}
