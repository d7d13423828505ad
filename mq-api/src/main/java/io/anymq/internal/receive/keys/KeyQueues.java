package io.anymq.internal.receive.keys;

import io.anymq.internal.receive.keys.KeyedTask.State;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The order of each key: which task may run now, and which waits behind another of its key. A key hands out at most one
 * task at a time (to a batch handler: one run of tasks, all to the same worker). Thread-safe.
 */
final class KeyQueues {
    /** Queues of keys without tasks that are kept, so that a hot key costs no allocation. */
    private static final int IDLE_KEYS = 4_096;

    /**
     * The tasks of one key that wait behind those handed out, linked through the tasks themselves. Guarded by itself.
     */
    static final class KeyQueue {
        private final String key;
        private @Nullable KeyedTask head;
        private @Nullable KeyedTask tail;
        private int handedOut;
        private long submitted;
        private boolean dead;

        /** A task of it has waited for a timer since it was empty. */
        private boolean blocked;

        KeyQueue(String key) {
            this.key = key;
        }

        private void addLast(KeyedTask task) {
            if (tail == null) {
                head = task;
            } else {
                tail.nextOfKey = task;
            }
            tail = task;
            if (blocked) {
                task.isBlocked();
            } else {
                task.isBehind();
            }
        }

        private void block() {
            if (!blocked) {
                blocked = true;
                for (KeyedTask task = head; task != null; task = task.nextOfKey) {
                    task.isBlocked();
                }
            }
        }

        /** Puts tasks back that were handed out: before those that never were, in the order of arrival. */
        private void putBack(KeyedTask task) {
            KeyedTask before = null;
            KeyedTask after = head;
            while (after != null && after.sequence < task.sequence) {
                before = after;
                after = after.nextOfKey;
            }
            task.nextOfKey = after;
            if (before == null) {
                head = task;
            } else {
                before.nextOfKey = task;
            }
            if (after == null) {
                tail = task;
            }
        }

        /** The next one that was not cancelled, or null. */
        private @Nullable KeyedTask poll() {
            KeyedTask polled = head;
            while (polled != null) {
                head = polled.nextOfKey;
                polled.nextOfKey = null;
                if (head == null) {
                    tail = null;
                }
                if (polled.state() != State.CANCELLED) {
                    polled.goesOn();
                    return polled;
                }
                polled = head;
            }
            return null;
        }
    }

    private final ConcurrentHashMap<String, KeyQueue> keys = new ConcurrentHashMap<>();
    private final Queue<KeyedTask> ready = new ConcurrentLinkedQueue<>();
    /** Tasks that were begun before: they go first, and on even while paused. */
    private final Queue<KeyedTask> begun = new ConcurrentLinkedQueue<>();

    /** Puts a new task behind the others of its key. */
    void submit(KeyedTask task) {
        String key = task.orderingKey;
        if (key == null) {
            ready.add(task);
            return;
        }
        while (true) {
            KeyQueue queue = keys.get(key);
            if (queue == null) {
                KeyQueue fresh = new KeyQueue(key);
                KeyQueue present = keys.putIfAbsent(key, fresh);
                queue = present == null ? fresh : present;
            }
            synchronized (queue) {
                if (queue.dead) {
                    continue;
                }
                task.keyQueue = queue;
                task.sequence = queue.submitted++;
                if (queue.handedOut == 0) {
                    queue.handedOut = 1;
                    ready.add(task);
                } else {
                    queue.addLast(task);
                }
                return;
            }
        }
    }

    /** The task begins to wait: those behind it are blocked until all of them have had their turn. */
    void block(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.block();
            }
        }
    }

    /** Takes a task that goes on whatever its key does. */
    void addBegun(KeyedTask task) {
        begun.add(task);
    }

    /** The task is over; true if that let another of its key become ready. */
    boolean finish(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            queue.handedOut--;
            if (queue.handedOut > 0) {
                return false;
            }
            KeyedTask next = queue.poll();
            if (next == null) {
                queue.blocked = false;
                if (keys.mappingCount() > IDLE_KEYS) {
                    queue.dead = true;
                    keys.remove(queue.key, queue);
                }
                return false;
            }
            queue.handedOut = 1;
            (next.state() == State.QUEUED ? ready : begun).add(next);
            return true;
        }
    }

    /**
     * Batch handlers: the next task of the same key, started, to be run by the same worker right behind it; or null.
     */
    @Nullable
    KeyedTask follower(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return null;
        }
        synchronized (queue) {
            KeyedTask next = queue.poll();
            while (next != null && !next.start()) {
                next = queue.poll();
            }
            if (next != null) {
                queue.handedOut++;
            }
            return next;
        }
    }

    /** Batch handlers: whether a task of the same key that was handed out before is not over. */
    boolean isFollower(KeyedTask task) {
        KeyQueue queue = task.keyQueue;
        if (queue == null) {
            return false;
        }
        synchronized (queue) {
            return queue.handedOut > 1;
        }
    }

    /**
     * Lets a task that waited go on. Only a batch hands out several of one key. While others of them are not over, this
     * one goes back to the front of its key: running it now would be beside them, or ahead of one that was handed out
     * before it.
     *
     * @return false if it waits behind others of its key
     */
    boolean resume(KeyedTask task) {
        KeyedTask next = task;
        KeyQueue queue = task.keyQueue;
        if (queue != null) {
            synchronized (queue) {
                queue.putBack(task);
                if (queue.handedOut > 1) {
                    queue.handedOut--;
                    return false;
                }
                next = queue.poll();
            }
        }
        if (next != null) {
            begun.add(next);
        }
        return true;
    }

    boolean hasBegun() {
        return !begun.isEmpty();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    @Nullable
    KeyedTask pollBegun() {
        return begun.poll();
    }

    @Nullable
    KeyedTask pollReady() {
        return ready.poll();
    }
}
