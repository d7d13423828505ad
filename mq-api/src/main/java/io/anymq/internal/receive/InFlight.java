package io.anymq.internal.receive;

import io.anymq.internal.receive.policy.Task;
import io.anymq.spi.Lane;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that a receive loop has started and that are not settled, linked through the tasks themselves. For the receive
 * thread only, except {@link #count()}.
 */
final class InFlight {
    private @Nullable Task first;
    /** Written by the receive thread only. */
    private final AtomicInteger count = new AtomicInteger();

    private long ended;

    /** By any thread. */
    int count() {
        return count.get();
    }

    /** How many have been here and are not. */
    long ended() {
        return ended;
    }

    void add(Task task) {
        task.next = first;
        if (first != null) {
            first.previous = task;
        }
        first = task;
        count.lazySet(count.get() + 1);
    }

    void remove(Task task) {
        Task before = task.previous;
        Task after = task.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        task.previous = null;
        task.next = null;
        task.countOut();
        ended++;
        count.lazySet(count.get() - 1);
    }

    /** Those of {@code lanes} (null: all), newest first; {@code action} may remove the task that it is given. */
    void forEach(@Nullable Set<Lane> lanes, Consumer<Task> action) {
        Task task = first;
        while (task != null) {
            Task following = task.next;
            if (lanes == null || lanes.contains(task.lane)) {
                action.accept(task);
            }
            task = following;
        }
    }

    boolean has(@Nullable Set<Lane> lanes) {
        if (lanes == null) {
            return first != null;
        }
        for (Task task = first; task != null; task = task.next) {
            if (lanes.contains(task.lane)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        first = null;
        count.set(0);
    }
}
