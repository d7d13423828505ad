package io.anymq.inmemory.broker;

import io.anymq.MessagingException;
import io.anymq.TimeSource;
import io.anymq.policy.Ordering;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way into one exchange, or back into one of its queues. Confirms on the sending thread when there is room. */
final class PublisherPort implements InMemoryBroker.Publisher {
    private final Exchange exchange;
    private final @Nullable MessageQueue returnsTo;
    private final ClientSession session;
    private final TimeSource time;
    private final Duration patience;

    /** Sends of this port without room. Guarded by the exchange's lock, as all below. */
    int waiting;

    private boolean closed;
    private boolean timed;
    private TimeSource.@Nullable Cancellable timer;

    PublisherPort(Exchange exchange, @Nullable MessageQueue returnsTo, ClientSession session, Duration patience) {
        this.exchange = exchange;
        this.returnsTo = returnsTo;
        this.session = session;
        this.time = session.time();
        this.patience = patience;
    }

    ClientSession session() {
        return session;
    }

    ArrayDeque<PendingSend> backlog() {
        return returnsTo == null ? exchange.backlog : returnsTo.returns;
    }

    boolean hasRoom(int size) {
        return returnsTo == null ? exchange.hasRoom(size) : returnsTo.hasRoomForReturn(size);
    }

    void store(OutboundMessage message, int size) {
        if (returnsTo == null) {
            exchange.put(message, size, time);
        } else {
            returnsTo.put(message, size, time);
        }
    }

    void noLongerWaits() {
        waiting--;
    }

    @Override
    public void publish(OutboundMessage message) {
        MessagingException refusal;
        boolean stored = false;
        exchange.lock();
        try {
            refusal = refusal();
            if (refusal == null) {
                stored = storeOrWait(message);
            }
        } finally {
            exchange.unlock();
        }
        if (refusal != null) {
            message.rejected(refusal);
        } else if (stored) {
            message.confirmed(null);
        } else {
            startTimer();
        }
    }

    private @Nullable MessagingException refusal() {
        if (closed) {
            return Failures.closed("the sender to " + exchange);
        }
        if (!exchange.available) {
            return Failures.stopped(session.broker().toString());
        }
        return session.reachable() ? null : session.unreachable();
    }

    private boolean storeOrWait(OutboundMessage message) {
        int size = Entry.sizeOf(message);
        if (backlog().isEmpty() && hasRoom(size)) {
            store(message, size);
            return true;
        }
        exchange.enqueue(new PendingSend(this, message, size, time.nanoTime() + patience.toNanos()));
        return false;
    }

    // ---- giving up

    private void startTimer() {
        exchange.lock();
        try {
            if (timed || waiting == 0) {
                return;
            }
            timed = true;
        } finally {
            exchange.unlock();
        }
        schedule(patience.toNanos());
    }

    private void schedule(long nanos) {
        // At least 1 ms, so that a line of near deadlines costs few timers.
        TimeSource.Cancellable scheduled = time.schedule(this::expire, Duration.ofNanos(Math.max(nanos, 1_000_000L)));
        exchange.lock();
        try {
            timer = scheduled;
        } finally {
            exchange.unlock();
        }
    }

    private void expire() {
        long now = time.nanoTime();
        long next = Long.MAX_VALUE;
        List<PendingSend> expired;
        List<PendingSend> stored = List.of();
        exchange.lock();
        try {
            Set<String> brokenKeys = new HashSet<>();
            expired = exchange.withdraw(send -> send.port() == this && tooLate(send, now, brokenKeys));
            if (!expired.isEmpty()) {
                // A smaller message behind the one that gave up may fit.
                stored = exchange.drain();
            }
            for (PendingSend send : backlog()) {
                if (send.port() == this) {
                    next = send.deadlineNanos() - now;
                    break;
                }
            }
            timed = next != Long.MAX_VALUE;
        } finally {
            exchange.unlock();
        }
        PendingSend.confirm(stored);
        if (!expired.isEmpty()) {
            PendingSend.reject(
                    expired,
                    Failures.full(
                            exchange.toString(), patience, session.broker().limits()));
        }
        if (next != Long.MAX_VALUE) {
            schedule(next);
        }
    }

    /** With order, what waits behind a message that gives up gives up with it: it would arrive before its predecessor. */
    private boolean tooLate(PendingSend send, long now, Set<String> brokenKeys) {
        String key = exchange.ordering == Ordering.TOTAL
                ? ""
                : exchange.ordering == Ordering.PER_KEY ? send.message().key() : null;
        boolean late = send.deadlineNanos() - now <= 0 || (key != null && brokenKeys.contains(key));
        if (late && key != null) {
            brokenKeys.add(key);
        }
        return late;
    }

    @Override
    public void close() {
        List<PendingSend> left;
        TimeSource.Cancellable running;
        exchange.lock();
        try {
            closed = true;
            left = new ArrayList<>(exchange.withdraw(send -> send.port() == this));
            running = timer;
            timer = null;
        } finally {
            exchange.unlock();
        }
        if (running != null) {
            running.cancel();
        }
        PendingSend.reject(left, Failures.closed("the sender to " + exchange));
    }
}
