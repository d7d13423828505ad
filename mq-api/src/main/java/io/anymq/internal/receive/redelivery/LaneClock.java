package io.anymq.internal.receive.redelivery;

import io.anymq.TimeSource;
import io.anymq.internal.receive.policy.Task;
import io.anymq.internal.support.IdGenerator;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.WireHeaders;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a message has to wait that is, or was, in a redelivery lane. Hosts need not agree on the time: what travels
 * are durations, and when they began is judged by the clock of this host for messages that this consumer sent itself,
 * and otherwise by the broker's, whose distance from this one is known from the former. Thread-safe.
 */
final class LaneClock {
    /** A clock that is further off than this is worth a warning. */
    static final long TOLERATED_MILLIS = 2_000;

    /** What a lane may hold a message for, and what may be left afterwards; what claims more is not AnyMQ's. */
    private static final long LONGEST_STAY = Redelivery.SHORTEST_MILLIS << (Redelivery.LANES - 1);

    private static final Logger log = LoggerFactory.getLogger(LaneClock.class);

    private final TimeSource time;
    private final String sender;

    /** This host's clock minus the broker's, as far as messages have shown it. */
    private volatile long offset;

    private volatile boolean warned;

    LaneClock(TimeSource time, RandomGenerator random) {
        this.time = time;
        this.sender = new IdGenerator(random).next();
    }

    /** Notes on a message that goes into a lane for {@code stay}, after which {@code left} are left. */
    void stamp(Map<String, String> headers, long stay, long left) {
        headers.put(WireHeaders.LANE_STAY, Long.toString(stay));
        headers.put(WireHeaders.LANE_LEFT, Long.toString(left));
        headers.put(WireHeaders.LANE_SENT, Long.toString(time.currentTimeMillis()));
        headers.put(WireHeaders.LANE_SENDER, sender);
    }

    /** Whether {@link #stamp} was called for it, here or elsewhere. */
    static boolean isStamped(InboundMessage message) {
        return message.headers().containsKey(WireHeaders.LANE_STAY);
    }

    /** When it may leave its lane, by the clock of this host; asked once, when it arrives. */
    long leavesAtMillis(InboundMessage message) {
        return enteredAtMillis(message) + stay(message);
    }

    /** When it may be handled, by the clock of this host; asked once, when it has left its lane. */
    long dueAtMillis(InboundMessage message) {
        long left = Math.min(DelayStage.LONGEST_MILLIS, Task.headerNumber(message.headers(), WireHeaders.LANE_LEFT));
        // it may have stayed for longer than it had to
        return left + Math.min(time.currentTimeMillis(), leavesAtMillis(message));
    }

    private static long stay(InboundMessage message) {
        return Math.min(LONGEST_STAY, Task.headerNumber(message.headers(), WireHeaders.LANE_STAY));
    }

    /** Not later than now: whatever clocks say, no message waits longer than it is meant to. */
    private long enteredAtMillis(InboundMessage message) {
        long now = time.currentTimeMillis();
        long sentAt = Task.headerNumber(message.headers(), WireHeaders.LANE_SENT);
        boolean mine = sender.equals(message.headers().get(WireHeaders.LANE_SENDER));
        long storedAt = message.storedAtMillis();
        if (storedAt > 0 && mine) {
            learn(sentAt - storedAt);
        } else if (storedAt > 0 && storedAt + offset > now) {
            learn(now - storedAt);
        }
        return Math.min(now, storedAt > 0 && !mine ? storedAt + offset : sentAt);
    }

    private void learn(long millis) {
        offset = millis;
        if (Math.abs(millis) > TOLERATED_MILLIS && !warned) {
            warned = true;
            log.warn(
                    "The clock of this host is {} ms {} the broker's. Retries wait by the broker's clock; delays that"
                            + " producers ask for do not. Synchronize the clocks.",
                    Math.abs(millis),
                    millis > 0 ? "ahead of" : "behind");
        }
    }
}
