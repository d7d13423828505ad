package io.anymq.postgresql;

import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * A thread with a connection of its own that renews the leases of all receivers of this connection, also while their
 * threads wait for handlers, and listens for notifications. Thread-safe.
 */
final class LeaseKeeper {
    private static final int LISTEN_MILLIS = 100;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final String RENEW = "UPDATE mq_receiver"
            + " SET alive_until = clock_timestamp() + ? * interval '1 millisecond' WHERE id = ANY (?) RETURNING id";

    private final PostgresConfig config;
    private final Sessions sessions;
    private final Wakes wakes;
    private final Map<Long, Lease> leases = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    /** The lease of one receiver. */
    static final class Lease {
        private final Wakes.Doorbell bell;
        private volatile boolean lost;

        Lease(Wakes.Doorbell bell) {
            this.bell = bell;
        }

        /** Whether it has run out, and what the receiver had taken belongs to others. */
        boolean isLost() {
            return lost;
        }
    }

    LeaseKeeper(PostgresConfig config, Sessions sessions, Wakes wakes) {
        this.config = config;
        this.sessions = sessions;
        this.wakes = wakes;
        this.thread = new Thread(this::run, "anymq-postgresql-" + config.clientName() + "-leases");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Renews it from now on. */
    Lease keep(long receiver, Wakes.Doorbell bell) {
        Lease lease = new Lease(bell);
        leases.put(receiver, lease);
        return lease;
    }

    void drop(long receiver) {
        leases.remove(receiver);
    }

    private void run() {
        Set<Integer> listening = new HashSet<>();
        long renewEvery = config.lease().toNanos() / 4;
        long renewed = System.nanoTime() - renewEvery;
        long pause = LISTEN_MILLIS;
        while (!closed) {
            try {
                Connection current = connection;
                if (current == null) {
                    current = sessions.open(Deadline.after(config.answerTimeout()));
                    current.setNetworkTimeout(
                            Runnable::run, (int) config.answerTimeout().toMillis());
                    listening.clear();
                    connection = current;
                    if (closed) {
                        break;
                    }
                    wakes.ringAll();
                }
                listen(current, listening);
                if (System.nanoTime() - renewed >= renewEvery) {
                    renewed = System.nanoTime();
                    renew(current);
                }
                pause = LISTEN_MILLIS;
                hear(current);
            } catch (Throwable e) {
                // It would end the thread, and with it every receiver's lease.
                lose(e);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
                pause = Math.min(LONGEST_PAUSE.toMillis(), pause * 2);
            }
        }
        lose(null);
    }

    private void lose(@Nullable Throwable failure) {
        Connection lost = connection;
        connection = null;
        if (lost != null) {
            Sessions.discard(lost);
            if (failure != null && !closed) {
                PostgresConnection.LOG.warn(
                        "The listening connection is lost: {}; reconnecting with backoff", failure.getMessage());
                // Their own connections have probably failed as well, and they are to find out.
                wakes.ringAll();
            }
        }
    }

    private void listen(Connection current, Set<Integer> listening) throws SQLException {
        Set<Integer> wanted = Set.copyOf(wakes.awaited());
        if (wanted.equals(listening)) {
            return;
        }
        try (Statement statement = current.createStatement()) {
            for (Integer destination : wanted) {
                if (listening.add(destination)) {
                    statement.execute("LISTEN " + Wakes.CHANNEL + destination);
                    // What came before is found by a look.
                    wakes.ring(destination, Wakes.MEMBERS);
                    wakes.ring(destination, Wakes.DELAYED);
                }
            }
            for (Integer destination : Set.copyOf(listening)) {
                if (!wanted.contains(destination)) {
                    listening.remove(destination);
                    statement.execute("UNLISTEN " + Wakes.CHANNEL + destination);
                }
            }
        }
    }

    private void renew(Connection current) throws SQLException {
        Set<Long> mine = Set.copyOf(leases.keySet());
        if (mine.isEmpty()) {
            try (Statement statement = current.createStatement()) {
                // a sign of life
                statement.execute("SELECT 1");
            }
            return;
        }
        Set<Long> lost = new HashSet<>(mine);
        try (PreparedStatement statement = current.prepareStatement(RENEW)) {
            statement.setLong(1, config.lease().toMillis());
            Insert.array(statement, 2, "int8", mine.toArray(new Long[0]));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lost.remove(rows.getLong(1));
                }
            }
        }
        for (Long receiver : lost) {
            Lease lease = leases.remove(receiver);
            if (lease != null) {
                lease.lost = true;
                lease.bell.ring(Wakes.MEMBERS);
            }
        }
    }

    private void hear(Connection current) throws SQLException {
        PGNotification[] heard = current.unwrap(PGConnection.class).getNotifications(LISTEN_MILLIS);
        if (heard == null) {
            return;
        }
        for (PGNotification notification : heard) {
            String channel = notification.getName();
            try {
                int destination = Integer.parseInt(channel.substring(Wakes.CHANNEL.length()));
                wakes.ring(destination, notification.getParameter());
            } catch (NumberFormatException e) {
                PostgresConnection.LOG.debug("Ignored a notification on {}", channel);
            }
        }
    }

    /** Ends the thread. */
    void close(Deadline deadline) {
        closed = true;
        LockSupport.unpark(thread);
        Connection current = connection;
        if (current != null) {
            Sessions.discard(current);
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(
                    thread,
                    Math.max(Duration.ofMillis(100).toNanos(), deadline.left().toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
