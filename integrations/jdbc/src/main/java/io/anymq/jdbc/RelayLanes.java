package io.anymq.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The lanes of one relay: a lease for each, which {@link #renew} extends, and a fair share of all while several relays are
 * alive. A lane that changes hands gets a greater fence, and only the holder of the present one extends it.
 */
final class RelayLanes {
    private final Database database;
    private final String owner;
    private final long leaseMicros;
    private final long leaseNanos;

    /** Until when the lanes are ours for sure; by this JVM's clock, from before the database was asked. */
    private volatile long heldUntil;

    private volatile boolean held;
    private volatile int surplus;

    RelayLanes(Database database, String owner, Duration lease) {
        this.database = database;
        this.owner = owner;
        // with a renewal each quarter, a killed relay is replaced within the lease that was asked for
        Duration stored = lease.multipliedBy(3).dividedBy(4);
        this.leaseMicros = Dialect.micros(stored);
        this.leaseNanos = stored.toNanos();
    }

    private record Lane(int number, long fence) {}

    /** Whether a row may be sent now. */
    boolean areHeld() {
        return held && System.nanoTime() - heldUntil < 0;
    }

    /** Says that this relay is alive, extends its leases, and takes lanes that are free, up to its share. */
    void renew() {
        long asked = System.nanoTime();
        int[] own = new int[1];
        int share = database.inTransaction("extend the leases of a relay", (connection, sql) -> {
            signOfLife(connection, sql);
            int fair = share(connection, sql);
            List<Lane> mine = mine(connection, sql);
            extend(connection, sql, mine);
            own[0] = mine.size();
            if (own[0] < fair) {
                own[0] += take(connection, sql, fair - own[0]);
            }
            return fair;
        });
        heldUntil = asked + leaseNanos;
        held = own[0] > 0;
        surplus = Math.max(0, own[0] - share);
    }

    private void signOfLife(Connection connection, Dialect sql) throws SQLException {
        try (PreparedStatement alive = connection.prepareStatement(
                "UPDATE anymq_outbox_relay SET ends_at = " + sql.now() + " + ? WHERE id = ?")) {
            alive.setLong(1, leaseMicros);
            alive.setString(2, owner);
            if (alive.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement born = connection.prepareStatement(
                "INSERT INTO anymq_outbox_relay (id, ends_at) VALUES (?, " + sql.now() + " + ?)")) {
            born.setString(1, owner);
            born.setLong(2, leaseMicros);
            born.executeUpdate();
        }
        try (PreparedStatement dead = connection.prepareStatement(
                "DELETE FROM anymq_outbox_relay WHERE ends_at <= " + sql.now() + " - 3600000000")) {
            dead.executeUpdate();
        }
    }

    private static int share(Connection connection, Dialect sql) throws SQLException {
        try (PreparedStatement count = connection.prepareStatement(
                        "SELECT COUNT(*) FROM anymq_outbox_relay WHERE ends_at > " + sql.now());
                ResultSet row = count.executeQuery()) {
            int alive = row.next() ? Math.max(1, row.getInt(1)) : 1;
            return (OutboxRow.LANES + alive - 1) / alive;
        }
    }

    private List<Lane> mine(Connection connection, Dialect sql) throws SQLException {
        try (PreparedStatement read =
                connection.prepareStatement("SELECT lane, fence FROM anymq_outbox_lane WHERE owner = ? AND ends_at > "
                        + sql.now() + " ORDER BY lane")) {
            read.setString(1, owner);
            return lanes(read);
        }
    }

    private static List<Lane> lanes(PreparedStatement read) throws SQLException {
        List<Lane> lanes = new ArrayList<>();
        try (ResultSet row = read.executeQuery()) {
            while (row.next()) {
                lanes.add(new Lane(row.getInt(1), row.getLong(2)));
            }
        }
        return lanes;
    }

    private void extend(Connection connection, Dialect sql, List<Lane> mine) throws SQLException {
        if (mine.isEmpty()) {
            return;
        }
        try (PreparedStatement extend = connection.prepareStatement("UPDATE anymq_outbox_lane SET ends_at = "
                + sql.now() + " + ? WHERE lane = ? AND owner = ? AND fence = ?")) {
            for (Lane lane : mine) {
                extend.setLong(1, leaseMicros);
                extend.setInt(2, lane.number());
                extend.setString(3, owner);
                extend.setLong(4, lane.fence());
                extend.addBatch();
            }
            extend.executeBatch();
        }
    }

    private int take(Connection connection, Dialect sql, int most) throws SQLException {
        List<Lane> free;
        try (PreparedStatement read = connection.prepareStatement(
                "SELECT lane, fence FROM anymq_outbox_lane WHERE ends_at <= " + sql.now() + " ORDER BY lane")) {
            free = lanes(read);
        }
        int taken = 0;
        try (PreparedStatement take = connection.prepareStatement("UPDATE anymq_outbox_lane SET owner = ?,"
                + " fence = fence + 1, ends_at = " + sql.now() + " + ? WHERE lane = ? AND fence = ? AND ends_at <= "
                + sql.now())) {
            for (Lane lane : free) {
                if (taken == most) {
                    break;
                }
                take.setString(1, owner);
                take.setLong(2, leaseMicros);
                take.setInt(3, lane.number());
                take.setLong(4, lane.fence());
                taken += take.executeUpdate();
            }
        }
        return taken;
    }

    /** Gives back what is more than the share. Called while no row is on its way. */
    void releaseSurplus() {
        int most = surplus;
        if (most == 0) {
            return;
        }
        surplus = 0;
        database.inTransaction("give lanes to another relay", (connection, sql) -> {
            List<Lane> mine = mine(connection, sql);
            release(connection, mine.subList(Math.max(0, mine.size() - most), mine.size()));
            return most;
        });
    }

    private void release(Connection connection, List<Lane> lanes) throws SQLException {
        try (PreparedStatement release = connection.prepareStatement(
                "UPDATE anymq_outbox_lane SET owner = '', ends_at = 0 WHERE lane = ? AND owner = ? AND fence = ?")) {
            for (Lane lane : lanes) {
                release.setInt(1, lane.number());
                release.setString(2, owner);
                release.setLong(3, lane.fence());
                release.executeUpdate();
            }
        }
    }

    /** Gives everything back, so that others go on at once. Called when no row is on its way any more. */
    void leave() {
        held = false;
        database.inTransaction("give up the lanes of a relay", (connection, sql) -> {
            try (PreparedStatement lanes = connection.prepareStatement(
                    "UPDATE anymq_outbox_lane SET owner = '', ends_at = 0 WHERE owner = ?")) {
                lanes.setString(1, owner);
                lanes.executeUpdate();
            }
            try (PreparedStatement life = connection.prepareStatement("DELETE FROM anymq_outbox_relay WHERE id = ?")) {
                life.setString(1, owner);
                return life.executeUpdate();
            }
        });
    }
}
