package io.anymq.internal.receive.redelivery;

import io.anymq.TimeSource;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of redelivery lanes that are not due. All messages of a lane wait equally long, so the first in line is the
 * next one due; the lane is paused at the broker meanwhile. For the receive thread only.
 */
public final class HeldBack {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A message, and when it may leave its lane by the clock of this host. */
    private record Held(InboundMessage message, long leavesAtMillis) {}

    private final TimeSource time;
    private final LaneClock clock;
    private final Map<Lane, ArrayDeque<Held>> held = new LinkedHashMap<>();

    HeldBack(TimeSource time, LaneClock clock) {
        this.time = time;
        this.clock = clock;
    }

    /** Keeps {@code message} if it, or one before it in its lane, is not due; false if it may start. */
    public boolean keep(BrokerReceiver receiver, InboundMessage message) {
        ArrayDeque<Held> queue = held.get(message.lane());
        if (queue == null && !LaneClock.isStamped(message)) {
            return false;
        }
        long leavesAt = clock.leavesAtMillis(message);
        if (queue == null) {
            if (remainingMillis(leavesAt) <= 0) {
                return false;
            }
            queue = new ArrayDeque<>();
            held.put(message.lane(), queue);
            ((PausableReceiver) receiver).pause(message.lane());
        }
        queue.add(new Held(message, leavesAt));
        return true;
    }

    private long remainingMillis(long leavesAt) {
        return leavesAt - time.currentTimeMillis();
    }

    public boolean isEmpty() {
        return held.isEmpty();
    }

    /**
     * Passes due messages to {@code start}; returns the nanoseconds until the next one is due, at most {@code
     * longestMillis}.
     */
    public long startDue(BrokerReceiver receiver, long longestMillis, Consumer<InboundMessage> start) {
        long next = longestMillis;
        for (Lane lane : List.copyOf(held.keySet())) {
            ArrayDeque<Held> queue = held.get(lane);
            while (queue != null && !queue.isEmpty()) {
                long remaining = remainingMillis(queue.element().leavesAtMillis);
                if (remaining > 0) {
                    next = Math.min(next, remaining);
                    break;
                }
                start.accept(queue.remove().message);
            }
            if (queue != null && queue.isEmpty()) {
                held.remove(lane);
                ((PausableReceiver) receiver).resume(lane);
            }
        }
        return next * NANOS_PER_MILLI;
    }

    /** Forgets the messages of {@code lanes} (null: all), which the broker delivers again. */
    public void remove(@Nullable Set<Lane> lanes) {
        held.keySet().removeIf(lane -> lanes == null || lanes.contains(lane));
    }
}
