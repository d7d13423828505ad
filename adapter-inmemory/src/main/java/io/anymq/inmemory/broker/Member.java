package io.anymq.inmemory.broker;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.TimeSource;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One receiver of a queue. The exchange's lock guards its shared state; it parks without the lock and looks
 * again whenever it is woken, so a wake-up too many costs a look and none is lost.
 */
final class Member implements InMemoryBroker.Subscriber {
    static final LaneList[] NO_LANES = {};

    /** Bounds the arithmetic; callers wait about a second. */
    private static final long LONGEST_WAIT_NANOS = Duration.ofDays(1).toNanos();

    /** An alarm before the time is set again. */
    private static final long LONGEST_ALARM_MILLIS = Duration.ofDays(1).toMillis();

    final Lane sharedLane;
    LaneList[] owned = NO_LANES;
    int inFlight;
    boolean hungry;

    private final MessageQueue queue;
    private final Exchange exchange;
    private final ClientSession session;
    private final LaneListener listener;
    private final TimeSource time;
    private int turn;
    private boolean left;
    private boolean broken;
    private List<Lane> lost = List.of();

    private volatile @Nullable Thread thread;
    private volatile boolean woken;

    /** When {@link #alarm} rings, milliseconds since 1970, or 0. Used by the receiving thread only. */
    private long alarmAt;

    private TimeSource.@Nullable Cancellable alarm;
    private volatile boolean alarmRang;

    Member(MessageQueue queue, ClientSession session, LaneListener listener) {
        this.queue = queue;
        this.exchange = queue.exchange;
        this.session = session;
        this.listener = listener;
        this.time = session.time();
        this.sharedLane = new Lane(queue.path);
    }

    ClientSession session() {
        return session;
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    // ---- receiving

    @Override
    public List<? extends InboundMessage> take(int max, Duration wait) {
        thread = Thread.currentThread();
        long nanos = wait.compareTo(Duration.ofDays(1)) < 0 ? wait.toNanos() : LONGEST_WAIT_NANOS;
        long deadline = 0;
        boolean started = false;
        while (true) {
            long due;
            List<LaneList> leaving;
            exchange.lock();
            try {
                queue.noLongerAwaits(this);
                leaving = left ? List.of() : queue.beginSurrender(this);
                due = 0;
                if (!left && leaving.isEmpty()) {
                    due = queue.promoteDue(time);
                    List<Handout> messages = max > 0 ? queue.take(this, max) : List.of();
                    if (!messages.isEmpty() || woken || nanos <= 0) {
                        woken = false;
                        return messages;
                    }
                    if (max > 0) {
                        queue.await(this);
                    }
                }
            } finally {
                exchange.unlock();
            }
            if (left) {
                throw gone();
            }
            if (!leaving.isEmpty()) {
                surrender(leaving);
                continue;
            }
            if (!started) {
                started = true;
                deadline = System.nanoTime() + nanos;
            }
            setAlarm(due);
            LockSupport.parkNanos(this, nanos);
            nanos = Thread.currentThread().isInterrupted() ? 0 : deadline - System.nanoTime();
        }
    }

    private void surrender(List<LaneList> leaving) {
        List<Lane> tokens = new ArrayList<>(leaving.size());
        leaving.forEach(lane -> addToken(lane, tokens));
        try {
            listener.lanesRevoked(List.copyOf(tokens));
        } finally {
            exchange.lock();
            try {
                queue.endSurrender(this, leaving);
            } finally {
                exchange.unlock();
            }
        }
    }

    /** Rings when the next delayed message is due, in the time of the receiver's client, which may be virtual. */
    private void setAlarm(long due) {
        if (alarmRang) {
            alarmRang = false;
            alarmAt = 0;
        }
        if (due == 0 || due == alarmAt) {
            return;
        }
        cancelAlarm();
        alarmAt = due;
        alarm = time.schedule(
                () -> {
                    alarmRang = true;
                    LockSupport.unpark(thread);
                },
                Duration.ofMillis(Math.min(LONGEST_ALARM_MILLIS, Math.max(1, due - time.currentTimeMillis()))));
    }

    private void cancelAlarm() {
        TimeSource.Cancellable set = alarm;
        alarm = null;
        alarmAt = 0;
        if (set != null) {
            set.cancel();
        }
    }

    @Override
    public void wakeup() {
        if (!woken) {
            woken = true;
            LockSupport.unpark(thread);
        }
    }

    /** Tells the engine once that its lanes are gone, and why. */
    private MessagingException gone() {
        List<Lane> lanes;
        exchange.lock();
        try {
            lanes = lost;
            lost = List.of();
        } finally {
            exchange.unlock();
        }
        if (!lanes.isEmpty()) {
            listener.lanesLost(lanes);
        }
        return closeReason();
    }

    private MessagingException closeReason() {
        return broken
                ? Failures.disconnected(session.broker().toString(), session.clientName())
                : Failures.closed("the receiver of " + queue.path);
    }

    // ---- settling

    @Override
    public void settle(List<? extends InboundMessage> messages) {
        List<PendingSend> stored;
        exchange.lock();
        try {
            if (broken) {
                throw closeReason();
            }
            for (int i = 0, count = messages.size(); i < count; i++) {
                if (!(messages.get(i) instanceof Handout handout)) {
                    throw new MessagingException(
                            ErrorCode.INTERNAL, "cannot settle a message of another adapter at the in-memory broker");
                }
                if (handout.member == this) {
                    queue.settle(handout);
                }
            }
            stored = exchange.drain();
        } finally {
            exchange.unlock();
        }
        PendingSend.confirm(stored);
    }

    // ---- lanes

    @Override
    public Collection<Lane> lanes() {
        exchange.lock();
        try {
            return tokens();
        } finally {
            exchange.unlock();
        }
    }

    @Override
    public void pause(Lane wanted, boolean paused) {
        exchange.lock();
        try {
            for (LaneList lane : owned) {
                if (lane.token == wanted) {
                    lane.paused = paused;
                }
            }
        } finally {
            exchange.unlock();
        }
    }

    private List<Lane> tokens() {
        if (queue.shared) {
            return left ? List.of() : List.of(sharedLane);
        }
        List<Lane> tokens = new ArrayList<>(owned.length);
        for (LaneList lane : owned) {
            addToken(lane, tokens);
        }
        return List.copyOf(tokens);
    }

    private static void addToken(LaneList lane, List<Lane> tokens) {
        Lane token = lane.token;
        if (token != null) {
            tokens.add(token);
        }
    }

    void own(LaneList lane) {
        LaneList[] more = java.util.Arrays.copyOf(owned, owned.length + 1);
        more[owned.length] = lane;
        owned = more;
    }

    void disown(LaneList lane) {
        owned = java.util.Arrays.stream(owned).filter(other -> other != lane).toArray(LaneList[]::new);
    }

    int nextTurn(int lanes) {
        turn = turn + 1 >= lanes ? 0 : turn + 1;
        return turn;
    }

    // ---- leaving

    /** The broker broke the connection. Guarded. */
    void disconnect() {
        if (!left) {
            broken = true;
            lost = tokens();
            left = true;
            queue.leave(this);
            exchange.wake(this);
        }
    }

    @Override
    public void leave() {
        exchange.lock();
        try {
            if (!left) {
                left = true;
                queue.leave(this);
            }
        } finally {
            exchange.unlock();
        }
        cancelAlarm();
    }
}
