package io.anymq.inmemory.broker;

import io.anymq.TimeSource;
import io.anymq.policy.Ordering;
import io.anymq.spi.OutboundMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where messages are sent: a queue with exactly one {@link MessageQueue}, or a topic with one per subscription. One
 * lock guards it all, so that a message is stored in every subscription or in none, and in the same order everywhere.
 */
final class Exchange {
    private static final Thread[] NONE = {};

    final String name;
    final boolean topic;
    final Ordering ordering;

    /** Sends that wait for room, first come first served. Guarded. */
    final ArrayDeque<PendingSend> backlog = new ArrayDeque<>();

    /** Whether the broker runs. Guarded. */
    boolean available;

    private final InMemoryBroker.Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayList<Thread> toWake = new ArrayList<>();
    private MessageQueue[] queues;
    private int waiting;

    Exchange(String name, boolean topic, Ordering ordering, InMemoryBroker.Limits limits, boolean available) {
        this.name = name;
        this.topic = topic;
        this.ordering = ordering;
        this.limits = limits;
        this.available = available;
        this.queues = topic ? new MessageQueue[0] : new MessageQueue[] {new MessageQueue(this, name, ordering, limits)};
    }

    @Override
    public String toString() {
        return (topic ? "topic " : "queue ") + name;
    }

    // ---- the lock

    void lock() {
        lock.lock();
    }

    /** Unlocks, then wakes whom {@link #wake} named meanwhile: woken earlier they would run into the lock. */
    void unlock() {
        Thread[] threads = NONE;
        if (!toWake.isEmpty()) {
            threads = toWake.toArray(NONE);
            toWake.clear();
        }
        lock.unlock();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    void wake(Member member) {
        Thread thread = member.thread();
        if (thread != null) {
            toWake.add(thread);
        }
    }

    // ---- all below is guarded

    boolean hasRoom(int size) {
        for (MessageQueue queue : queues) {
            if (!queue.hasRoom(size)) {
                return false;
            }
        }
        return true;
    }

    void put(OutboundMessage message, int size, TimeSource time) {
        for (MessageQueue queue : queues) {
            queue.put(message, size, time);
        }
    }

    void enqueue(PendingSend send) {
        send.port().backlog().add(send);
        send.port().waiting++;
        waiting++;
    }

    /** Stores what waited, as far as there is room now; the caller confirms it after unlocking. */
    List<PendingSend> drain() {
        if (waiting == 0) {
            return List.of();
        }
        List<PendingSend> stored = new ArrayList<>();
        for (MessageQueue queue : queues) {
            drain(queue.returns, stored);
        }
        drain(backlog, stored);
        return stored;
    }

    private void drain(ArrayDeque<PendingSend> line, List<PendingSend> stored) {
        for (PendingSend first = line.peek();
                first != null && first.port().hasRoom(first.size());
                first = line.peek()) {
            line.remove();
            first.port().store(first.message(), first.size());
            forget(first);
            stored.add(first);
        }
    }

    /** Takes sends out of the lines they wait in; the caller reports their outcome after unlocking. */
    List<PendingSend> withdraw(Predicate<PendingSend> which) {
        if (waiting == 0) {
            return List.of();
        }
        List<PendingSend> out = new ArrayList<>();
        for (MessageQueue queue : queues) {
            withdraw(queue.returns, which, out);
        }
        withdraw(backlog, which, out);
        return out;
    }

    private void withdraw(ArrayDeque<PendingSend> line, Predicate<PendingSend> which, List<PendingSend> out) {
        for (Iterator<PendingSend> sends = line.iterator(); sends.hasNext(); ) {
            PendingSend send = sends.next();
            if (which.test(send)) {
                sends.remove();
                forget(send);
                out.add(send);
            }
        }
    }

    private void forget(PendingSend send) {
        waiting--;
        send.port().noLongerWaits();
    }

    List<MessageQueue> queues() {
        return Arrays.asList(queues);
    }

    @Nullable
    MessageQueue queue(String path) {
        for (MessageQueue queue : queues) {
            if (queue.path.equals(path)) {
                return queue;
            }
        }
        return null;
    }

    void addSubscription(String path) {
        MessageQueue[] more = Arrays.copyOf(queues, queues.length + 1);
        more[queues.length] = new MessageQueue(this, path, ordering, limits);
        queues = more;
    }

    /** Breaks the receivers that {@code which} names. */
    void disconnect(Predicate<Member> which) {
        for (MessageQueue queue : queues) {
            for (Member member : List.copyOf(queue.members)) {
                if (which.test(member)) {
                    member.disconnect();
                }
            }
        }
    }
}
