package io.anymq.internal.receive.redelivery;

import io.anymq.TimeSource;
import io.anymq.internal.receive.policy.Task;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.PausableReceiver;
import io.anymq.spi.WireHeaders;
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

    private final TimeSource time;
    private final Map<Lane, ArrayDeque<InboundMessage>> held = new LinkedHashMap<>();

    public HeldBack(TimeSource time) {
        this.time = time;
    }

    /** Keeps {@code message} if it, or one before it in its lane, is not due; false if it may start. */
    public boolean keep(BrokerReceiver receiver, InboundMessage message) {
        ArrayDeque<InboundMessage> queue = held.get(message.lane());
        if (queue == null) {
            if (remainingMillis(message) <= 0) {
                return false;
            }
            queue = new ArrayDeque<>();
            held.put(message.lane(), queue);
            ((PausableReceiver) receiver).pause(message.lane());
        }
        queue.add(message);
        return true;
    }

    private long remainingMillis(InboundMessage message) {
        long until = Task.headerNumber(message.headers(), WireHeaders.LANE_UNTIL);
        return until == 0 ? 0 : until - time.currentTimeMillis();
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
            ArrayDeque<InboundMessage> queue = held.get(lane);
            while (queue != null && !queue.isEmpty()) {
                long remaining = remainingMillis(queue.element());
                if (remaining > 0) {
                    next = Math.min(next, remaining);
                    break;
                }
                start.accept(queue.remove());
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
