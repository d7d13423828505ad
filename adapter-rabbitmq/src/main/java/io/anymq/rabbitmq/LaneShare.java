package io.anymq.rabbitmq;

import java.time.Duration;

/**
 * How many lanes a receiver hands over so that each receiver has its share. The server may count members that are gone,
 * such as those of a node that is down; then there is always a receiver with more than what seems its share, and handing
 * over moves lanes in circles. So as long as the count stays and handing over has not helped, it is done less and less
 * often. For the receiver's thread.
 */
final class LaneShare {
    /** Whom a lane goes to is the server's choice, so it may take some turns until all have their share. */
    private static final int UNHINDERED = 3;

    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MOST_DOUBLINGS = 5;

    /** Longer than any pause. */
    private static final long FORGET_NANOS = Duration.ofMinutes(5).toNanos();

    private int members;
    private int times;
    private long last;

    /**
     * How many of its active lanes a receiver hands over now.
     *
     * @param counted members, or 0 if that is not known at the moment
     */
    int surplus(int active, int lanes, int counted, long now) {
        if (counted == 0) {
            return 0;
        }
        if (counted != members || now - last >= FORGET_NANOS) {
            members = counted;
            times = 0;
        }
        int share = (lanes + members - 1) / members;
        if (active <= share || (times >= UNHINDERED && now - last < pause())) {
            return 0;
        }
        times++;
        last = now;
        return active - share;
    }

    private long pause() {
        return FIRST_PAUSE_NANOS << Math.min(MOST_DOUBLINGS, times - UNHINDERED);
    }
}
