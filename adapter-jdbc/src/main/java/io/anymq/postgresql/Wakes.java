package io.anymq.postgresql;

import io.anymq.MessagingException;
import io.anymq.spi.support.AdapterThreads;
import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Wakes the receivers of a destination: those of this process at once, those of others by NOTIFY. The server lets one
 * transaction that notifies commit at a time, so notifications have transactions of their own, apart from the messages,
 * and at most one every few milliseconds. One that is lost costs a receiver its poll interval. Thread-safe.
 */
final class Wakes {
    static final String CHANNEL = "anymq_";

    /** There are messages. */
    static final String MESSAGES = "m";

    /** There are messages with a delay. */
    static final String DELAYED = "d";

    /** A receiver has come or gone. */
    static final String MEMBERS = "r";

    private static final Duration PACE = Duration.ofMillis(5);
    private static final Duration BOUND = Duration.ofSeconds(5);

    private static final String NOTIFY = "SELECT pg_notify(c, p) FROM unnest(?, ?) AS n (c, p)";

    private final ConnectionPool connections;
    private final ScheduledExecutorService worker;
    private final Map<Integer, Set<Doorbell>> bells = new ConcurrentHashMap<>();
    private final Map<Integer, Set<String>> pending = new ConcurrentHashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile long lastNanos = System.nanoTime() - PACE.toNanos();

    /** What a receiver is woken by. */
    interface Doorbell {
        /** Wakes it; from any thread, without waiting. */
        void ring(String reason);
    }

    Wakes(ConnectionPool connections, String clientName) {
        this.connections = connections;
        ScheduledThreadPoolExecutor pool =
                new ScheduledThreadPoolExecutor(1, AdapterThreads.daemons("anymq-postgresql-" + clientName + "-work"));
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        pool.setRemoveOnCancelPolicy(true);
        this.worker = pool;
    }

    /** For small tasks beside the work with messages. */
    ScheduledExecutorService worker() {
        return worker;
    }

    void add(int destination, Doorbell bell) {
        bells.computeIfAbsent(destination, none -> new CopyOnWriteArraySet<>()).add(bell);
    }

    void remove(int destination, Doorbell bell) {
        bells.computeIfPresent(destination, (id, set) -> {
            set.remove(bell);
            return set.isEmpty() ? null : set;
        });
    }

    /** The destinations that receivers of this process wait for. */
    Set<Integer> awaited() {
        return bells.keySet();
    }

    /** Wakes receivers of this process. */
    void ring(int destination, String reason) {
        bells.getOrDefault(destination, Set.of()).forEach(bell -> bell.ring(reason));
    }

    /** Wakes all receivers of this process, because notifications may have been missed. */
    void ringAll() {
        bells.values()
                .forEach(set -> set.forEach(bell -> {
                    bell.ring(MEMBERS);
                    bell.ring(DELAYED);
                }));
    }

    /** Messages are stored and committed. */
    void stored(int destination, boolean delayed) {
        announce(destination, delayed ? DELAYED : MESSAGES);
    }

    /** A receiver has come, or something has become free. */
    void membersChanged(int destination) {
        announce(destination, MEMBERS);
    }

    private void announce(int destination, String reason) {
        ring(destination, reason);
        pending.compute(destination, (id, reasons) -> {
            Set<String> all = reasons == null ? new HashSet<>() : reasons;
            all.add(reason);
            return all;
        });
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            long wait = PACE.toNanos() - (System.nanoTime() - lastNanos);
            try {
                var unused = worker.schedule(this::flush, Math.max(0, wait), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closing) {
                PostgresConnection.LOG.trace("Not announced, because the connection closes", closing);
            }
        }
    }

    private void flush() {
        lastNanos = System.nanoTime();
        scheduled.set(false);
        List<String> channels = new ArrayList<>();
        List<String> payloads = new ArrayList<>();
        for (Integer destination : List.copyOf(pending.keySet())) {
            Set<String> reasons = pending.remove(destination);
            if (reasons != null) {
                reasons.forEach(reason -> {
                    channels.add(CHANNEL + destination);
                    payloads.add(reason);
                });
            }
        }
        if (channels.isEmpty()) {
            return;
        }
        try {
            boolean unused = connections.use(Deadline.after(BOUND), connection -> {
                send(connection, channels.toArray(new String[0]), payloads.toArray(new String[0]));
                return true;
            });
        } catch (SQLException | MessagingException e) {
            PostgresConnection.LOG.debug("Could not notify other processes; they look by themselves", e);
        }
    }

    private static void send(Connection connection, String[] channels, String[] payloads) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
            Insert.array(statement, 1, "text", channels);
            Insert.array(statement, 2, "text", payloads);
            statement.execute();
        }
    }

    /** Ends the worker; what is not announced by then is found by polling. */
    void close(Deadline deadline) {
        worker.shutdownNow();
        try {
            boolean unused = worker.awaitTermination(Math.max(100, deadline.millisLeft()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
