package io.anymq.internal.receive;

import io.anymq.internal.receive.policy.HeldUp;
import io.anymq.internal.receive.policy.Task;
import io.anymq.policy.FlowControl;
import io.anymq.policy.Ordering;
import io.anymq.spi.BrokerReceiver;
import io.anymq.spi.Lane;
import io.anymq.spi.WindowedReceiver;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many messages a receive loop may take: bounded by number, bytes, and what the handlers finish in a second. Tells
 * the receiver, too, which may fetch messages in advance. For the receive thread, except where stated.
 */
final class Intake {
    private static final int START = 32;
    /** Of the bytes: the rest is for what the adapter fetches in advance. */
    private static final double SHARE_OF_BYTES = 0.75;

    private final FlowControl flow;
    private final boolean mayBlock;
    private final InFlight inFlight;
    private final HeldUp heldUp;
    private final BlockedLanes lanes;
    private final Window window;
    /** Of all loops of the consumer. */
    private final AtomicLong bytes;

    /** The size of a message: an average that rises faster than it falls. */
    private double size;

    private int asked;
    private int told;

    /** {@code pausesLanes}: of the loop alone; see {@link io.anymq.spi.PausableReceiver}. */
    Intake(IntakeLimits limits, Ordering ordering, boolean pausesLanes, InFlight inFlight, Runnable roomMade) {
        this.flow = limits.flow();
        this.mayBlock = ordering == Ordering.PER_KEY;
        this.inFlight = inFlight;
        this.bytes = limits.bytes();
        this.heldUp = new HeldUp(ordering == Ordering.PER_KEY, bytes, roomMade);
        this.lanes = new BlockedLanes(pausesLanes, heldUp, flow.maxBlocked(), flow.maxBlockedBytes());
        this.window = new Window(limits.least(), START, flow.maxInFlight());
    }

    /** A receiver that was not told anything yet. */
    void opened(BrokerReceiver receiver) {
        told = 0;
        lanes.forget(null);
        tell(receiver);
    }

    /** The lanes (null: all) are no longer owned. */
    void forget(@Nullable Set<Lane> gone) {
        lanes.forget(gone);
    }

    /** With so many settlements it is worth waking the receive thread; by any thread. */
    int enough() {
        return Math.max(1, window.size() / 4);
    }

    /** By any thread. */
    int window() {
        return window.size();
    }

    /** Messages behind another of their key that waits for a timer; by any thread. */
    int blocked() {
        return heldUp.blocked();
    }

    /** How many messages may be taken now. */
    int capacity(BrokerReceiver receiver, long now) {
        window.look(now, inFlight.ended());
        boolean open = lanes.haveRoom(receiver);
        tell(receiver);
        if (byWindow() <= 0) {
            window.limits();
        }
        asked = open ? room() : 0;
        return asked;
    }

    /** Whether {@link #capacity} would be more than 0, as far as other threads can make that happen. */
    boolean hasRoom() {
        return lanes.areOpen() && room() > 0;
    }

    private int byWindow() {
        return window.size() - (inFlight.count() - heldUp.blocked() - heldUp.waiting());
    }

    private int room() {
        int room = Math.min(byWindow(), flow.maxInFlight() - (inFlight.count() - heldUp.blocked()));
        return room > 0 ? withinBytes(room) : 0;
    }

    private int withinBytes(int room) {
        double left = flow.maxInFlightBytes() * SHARE_OF_BYTES - bytes.get();
        int fitting = (int) Math.min(room, Math.max(0, left) / Math.max(1, size));
        return fitting == 0 && inFlight.count() == 0 ? 1 : fitting;
    }

    /** Of messages that only wait at first, no more than this in one go. */
    int few(int most) {
        double share = flow.maxInFlightBytes() * (1 - SHARE_OF_BYTES) / 2;
        return (int) Math.max(1, Math.min(most, share / Math.max(1, size)));
    }

    /** These came after {@link #capacity} was asked. */
    void received(int count) {
        if (count >= asked) {
            window.limits();
        }
    }

    /** Counts a task in. */
    void started(Task task) {
        task.countIn(mayBlock ? lanes.of(task.lane) : heldUp);
        int larger = task.size() - (int) size;
        size = size == 0 ? task.size() : size + larger / (larger > 0 ? 8.0 : 64.0);
    }

    private void tell(BrokerReceiver receiver) {
        if (!(receiver instanceof WindowedReceiver windowed)) {
            return;
        }
        int blocked = heldUp.blocked();
        double within = Math.max(1, flow.maxInFlightBytes() / Math.max(1, size));
        int wanted = (int) Math.min(within, Math.min(window.size() + heldUp.waiting(), flow.maxInFlight()));
        int total = Math.min(rounded(wanted + blocked), flow.maxInFlight() + blocked);
        if (total > told || total < told - told / 4) {
            told = total;
            windowed.window(total);
        }
    }

    /** Up to the next eighth of a power of two, so that a receiver hears of few changes. */
    private static int rounded(int number) {
        int step = Math.max(1, Integer.highestOneBit(number) / 8);
        return (number + step - 1) / step * step;
    }
}
