package io.anymq.internal.send;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.SendException;
import io.anymq.policy.Ordering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Repeats failed sends of one producer without changing the order of a key. Costs one volatile read and one
 * compare-and-set per send while nothing fails.
 *
 * <pre>
 *              a send of the key fails
 *   (no line) ------------------------> SETTLING: later sends of the key wait in the line;
 *       ^                               those already at the adapter end
 *       |                                  |                         |
 *       | the line is empty                | none after a failed     | one after a failed one is, or may be,
 *       |                                  | one can be stored       | stored: its place is lost
 *       |                                  v                         v
 *   SENDING: all that wait, in order &lt;-- PAUSED, then the first      all that failed end as what they are,
 *            ^          confirmed        alone (fails: PAUSED again)    all that wait as KEY_BLOCKED
 * </pre>
 *
 * A retried send ends within its send time-out like any other: the sweep gives it up, and with it the line.
 */
final class OrderedRetry {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final int MOST_MARKS = 1 << 20;
    private static final Comparator<PendingSend> IN_ORDER =
            (one, other) -> Integer.compare(one.ticket - other.ticket, 0);

    private final Sending sending;
    private final Ordering ordering;
    /** The ticket of the last confirmed send of each key, by hash: a collision may block a key, never reorder one. */
    private final AtomicIntegerArray lastConfirmed;

    /**
     * Sends of keys in the order they were made; while something is repeated, it knows every send of an ordered key.
     */
    private final Map<Object, Line> lines = new HashMap<>();

    /**
     * Something is repeated. Set before the window is searched, read after a send is in the window: neither misses it.
     */
    private volatile boolean active;

    private int brokenLines;

    private static final class Line {
        final Object subject;
        /** Handed to the adapter, without an outcome. */
        final Set<PendingSend> flying = new HashSet<>();

        final List<PendingSend> failed = new ArrayList<>();
        final PriorityQueue<PendingSend> waiting = new PriorityQueue<>(IN_ORDER);
        /** One of its sends has failed, and others wait for it. */
        boolean broken;
        /** One of its sends has failed permanently. */
        boolean gap;
        /** A timer is set, or its task is handing over. */
        boolean pumping;

        int failures;

        Line(Object subject) {
            this.subject = subject;
        }
    }

    OrderedRetry(Sending sending, Ordering ordering, int maxInFlight) {
        this.sending = sending;
        this.ordering = ordering;
        int marks = ordering == Ordering.UNORDERED ? 1 : Integer.highestOneBit(maxInFlight) * 16;
        this.lastConfirmed = new AtomicIntegerArray(Math.min(MOST_MARKS, Math.max(1, marks)));
    }

    /** Identifies the sends that keep an order among each other; a message without an order is alone. */
    private Object subject(PendingSend send) {
        String key = send.key();
        return switch (ordering) {
            case UNORDERED -> send;
            case PER_KEY -> key == null ? send : key;
            case TOTAL -> OrderGuard.EVERYTHING;
        };
    }

    private int mark(Object subject) {
        int hash = subject.hashCode() * 0x9E3779B9;
        return (hash >>> 8) & (lastConfirmed.length() - 1);
    }

    /** Called before a send is known to be confirmed. */
    void confirming(PendingSend send) {
        Object subject = subject(send);
        if (subject == send) {
            return;
        }
        int mark = mark(subject);
        int known = lastConfirmed.get(mark);
        while (send.ticket - known > 0 && !lastConfirmed.compareAndSet(mark, known, send.ticket)) {
            known = lastConfirmed.get(mark);
        }
    }

    /** Whether a failure is repeated at all. */
    boolean repeats(PendingSend send, MessagingException error) {
        return error.isRetryable() && !sending.isOver() && !sending.guard().blocks(send.key());
    }

    /** True when a new send, which is in the window, has to wait behind a repeated one and is handed over from here. */
    boolean holds(PendingSend send) {
        return active && join(send);
    }

    private synchronized boolean join(PendingSend send) {
        Object subject = subject(send);
        if (!active || subject == send) {
            return false;
        }
        Line line = lines.computeIfAbsent(subject, Line::new);
        if (!line.broken) {
            line.flying.add(send);
            return false;
        }
        // a search of the window may have found it before it came here
        line.flying.remove(send);
        if (send.keep()) {
            line.waiting.add(send);
        }
        return true;
    }

    /** An adapter asks whether a send that waited in its queue may still go; false when it waits here from now on. */
    boolean mayLeave(PendingSend send) {
        return !active || !withdraw(send);
    }

    private boolean withdraw(PendingSend send) {
        List<Runnable> endings;
        synchronized (this) {
            Line line = lines.get(subject(send));
            if (line == null || line.failed.isEmpty() || !line.flying.contains(send)) {
                return false;
            }
            line.flying.remove(send);
            send.calledBack();
            if (send.keep()) {
                line.waiting.add(send);
            }
            endings = settle(line);
        }
        endings.forEach(Runnable::run);
        return true;
    }

    /** An attempt has failed, and the send is kept for another. */
    void failed(PendingSend send) {
        List<Runnable> endings;
        synchronized (this) {
            watch();
            Line line = breakLine(send);
            line.flying.remove(send);
            line.failed.add(send);
            endings = settle(line);
        }
        endings.forEach(Runnable::run);
    }

    /** An attempt is about to fail: later sends of its key wait from now on. */
    synchronized void failing(PendingSend send) {
        if (subject(send) == send) {
            return;
        }
        watch();
        // one that ends at this moment sees that it is watched, and finds its line or none
        if (send.isUnderWay()) {
            breakLine(send);
        } else if (brokenLines == 0) {
            lines.clear();
            active = false;
        }
    }

    /** Within the lock: knows every send of an ordered key from now on. */
    private void watch() {
        if (!active) {
            active = true;
            for (PendingSend other : sending.outstanding()) {
                if (other.isUnderWay() && subject(other) != other) {
                    lines.computeIfAbsent(subject(other), Line::new).flying.add(other);
                }
            }
        }
    }

    /** Within the lock. */
    private Line breakLine(PendingSend send) {
        Line line = lines.computeIfAbsent(subject(send), Line::new);
        if (!line.broken) {
            line.broken = true;
            brokenLines++;
        }
        return line;
    }

    /** A send has ended, confirmed or permanently failed. */
    void ended(PendingSend send, boolean leavesGap) {
        if (!active) {
            return;
        }
        List<Runnable> endings;
        synchronized (this) {
            Line line = lines.get(subject(send));
            if (line == null) {
                return;
            }
            line.flying.remove(send);
            line.failed.remove(send);
            line.waiting.remove(send);
            line.gap |= leavesGap && line.broken;
            endings = settle(line);
        }
        endings.forEach(Runnable::run);
    }

    /** Decides how the line continues; returns the endings to run without the lock. */
    private List<Runnable> settle(Line line) {
        if (!line.broken) {
            if (line.flying.isEmpty()) {
                lines.remove(line.subject);
            }
        } else if (line.gap) {
            return giveUp(line);
        } else if (!line.pumping && line.flying.isEmpty()) {
            if (line.failed.isEmpty()) {
                line.failures = 0;
                if (line.waiting.isEmpty()) {
                    heal(line);
                } else {
                    pumpAfter(line, Duration.ZERO, false);
                }
            } else if (lostItsPlace(line)) {
                return giveUp(line);
            } else {
                line.waiting.addAll(line.failed);
                line.failed.clear();
                long pause = FIRST_PAUSE_MILLIS << Math.min(10, line.failures++);
                pumpAfter(line, Duration.ofMillis(Math.min(LONGEST_PAUSE_MILLIS, pause)), true);
            }
        }
        return List.of();
    }

    /** Whether one that was sent after a failed one is stored, or may be although the failed one is certainly not. */
    private boolean lostItsPlace(Line line) {
        line.failed.sort(IN_ORDER);
        int last = lastConfirmed.get(mark(line.subject));
        boolean certainlyAbsent = false;
        for (PendingSend send : line.failed) {
            if (line.subject != send && last - send.ticket > 0) {
                return true;
            }
            if (!send.mayBeStored()) {
                certainlyAbsent = true;
            } else if (certainlyAbsent) {
                return true;
            }
        }
        return false;
    }

    private List<Runnable> giveUp(Line line) {
        List<Runnable> endings = new ArrayList<>();
        line.failed.sort(IN_ORDER);
        List.copyOf(line.failed).forEach(send -> endings.add(send::failPermanently));
        while (!line.waiting.isEmpty()) {
            PendingSend send = line.waiting.remove();
            MessagingException blocked = sending.keyBlocked(send.key());
            endings.add(() -> send.refuseKept(blocked));
        }
        lines.remove(line.subject);
        heal(line);
        return endings;
    }

    /** New sends pass again; what still flies is watched while another line is broken. */
    private void heal(Line line) {
        line.broken = false;
        if (line.flying.isEmpty()) {
            lines.remove(line.subject);
        }
        if (--brokenLines == 0) {
            lines.clear();
            active = false;
        }
    }

    private void pumpAfter(Line line, Duration pause, boolean firstAlone) {
        line.pumping = true;
        sending.schedule(() -> pump(line, firstAlone), pause);
    }

    /**
     * Hands over what waits, in order, until one fails; {@code firstAlone}: one message, to find out whether it works.
     */
    private void pump(Line line, boolean firstAlone) {
        while (true) {
            PendingSend next = null;
            List<Runnable> endings = List.of();
            synchronized (this) {
                if (lines.get(line.subject) != line || sending.isOver()) {
                    return;
                }
                if (line.failed.isEmpty()) {
                    next = line.waiting.poll();
                }
                if (next != null) {
                    line.flying.add(next);
                    line.pumping = !firstAlone;
                } else {
                    line.pumping = false;
                    if (line.failed.isEmpty()) {
                        heal(line);
                    } else {
                        endings = settle(line);
                    }
                }
            }
            endings.forEach(Runnable::run);
            if (next == null) {
                return;
            }
            next.handOver();
            if (firstAlone) {
                return;
            }
        }
    }

    /** The outcome of a send that is given up while it waits to be repeated and that was never handed over. */
    static MessagingException waitedTooLong() {
        return new MessagingException(
                ErrorCode.TIMEOUT,
                "not sent: an earlier send of the same key or order was retried until the send time-out",
                true,
                null);
    }

    /** Whether a failure that ended a send leaves a gap behind it. */
    static boolean leavesGap(SendException failure) {
        return failure.code() != ErrorCode.KEY_BLOCKED;
    }
}
