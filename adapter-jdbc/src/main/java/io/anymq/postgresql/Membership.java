package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.spi.support.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's row in {@code mq_receiver}, and those of its competitors. A competitor is dead when its lease has run out by
 * the server's clock in two looks one after the other, so that a server that was suspended does not take its clients for
 * dead when it goes on. Used by the receiver's thread.
 */
final class Membership {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final String JOIN = "INSERT INTO mq_receiver (source, client, max_in_flight, alive_until)"
            + " VALUES (?, ?, ?, clock_timestamp() + ? * interval '1 millisecond') RETURNING id";

    private static final String MEMBERS = "SELECT id, alive_until < clock_timestamp(), alive_until::text"
            + " FROM mq_receiver WHERE source = ? ORDER BY id";

    private static final String BURY =
            "DELETE FROM mq_receiver WHERE id = ? AND alive_until < clock_timestamp()" + " RETURNING max_in_flight";

    /** What it may have taken of each lane is the first few messages there. */
    private static final String LEAVE_LANES = "UPDATE mq_lane l SET receiver = NULL, careful_until ="
            + " greatest(l.careful_until, coalesce((SELECT max(f.id) FROM (SELECT m.id FROM mq_message m"
            + " WHERE m.source = l.source AND m.lane = l.lane ORDER BY m.id LIMIT ?) AS f), 0))"
            + " WHERE l.source = ? AND l.receiver = ?";

    private static final String LEAVE_CLAIMS = "UPDATE mq_claim SET receiver = NULL WHERE source = ? AND receiver = ?";

    private final PostgresConfig config;
    private final ConnectionPool connections;
    private final Place place;
    private final Wakes wakes;
    private final long id;
    private final Map<Long, Expired> expired = new HashMap<>();

    private record Expired(String aliveUntil, long seenNanos) {}

    private record Member(long id, boolean stale, String aliveUntil) {}

    private Membership(PostgresConfig config, ConnectionPool connections, Place place, Wakes wakes, long id) {
        this.config = config;
        this.connections = connections;
        this.place = place;
        this.wakes = wakes;
        this.id = id;
    }

    /** Adds a row for a new receiver. */
    static Membership join(
            PostgresConfig config,
            ConnectionPool connections,
            Place place,
            Wakes wakes,
            int maxInFlight,
            Deadline deadline)
            throws SQLException {
        long id = connections.use(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(JOIN)) {
                statement.setInt(1, place.source());
                statement.setString(2, config.clientName());
                statement.setInt(3, maxInFlight);
                statement.setLong(4, config.lease().toMillis());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
        return new Membership(config, connections, place, wakes, id);
    }

    /** The fencing number. */
    long id() {
        return id;
    }

    Deadline deadline() {
        return Deadline.after(config.operationTimeout());
    }

    /** The ids of all receivers of the source in their order, after those that have died are removed. */
    List<Long> alive() throws SQLException {
        List<Member> members = connections.use(deadline(), this::members);
        boolean changed = false;
        for (Member member : members) {
            if (isDead(member)) {
                changed |= connections.inTransaction(deadline(), connection -> bury(connection, member.id));
            }
        }
        if (changed) {
            wakes.membersChanged(place.destination());
            members = connections.use(deadline(), this::members);
        }
        List<Long> ids = new ArrayList<>(members.size());
        members.forEach(member -> ids.add(member.id));
        expired.keySet().retainAll(ids);
        if (!ids.contains(id)) {
            throw lost();
        }
        return ids;
    }

    /** The error of a receiver that others take for dead. */
    static MessagingException lost() {
        return new MessagingException(
                ErrorCode.UNAVAILABLE,
                "the lease of this receiver has run out, or its queue was deleted; its messages go to others. If the"
                        + " process was suspended for so long, raise anymq.postgresql."
                        + PostgresConfig.LEASE,
                true,
                null);
    }

    private List<Member> members(Connection connection) throws SQLException {
        List<Member> members = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(MEMBERS)) {
            statement.setInt(1, place.source());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    members.add(new Member(rows.getLong(1), rows.getBoolean(2), rows.getString(3)));
                }
            }
        }
        return members;
    }

    private boolean isDead(Member member) {
        if (!member.stale || member.id == id) {
            expired.remove(member.id);
            return false;
        }
        long now = System.nanoTime();
        @Nullable Expired before = expired.get(member.id);
        if (before == null || !before.aliveUntil.equals(member.aliveUntil)) {
            expired.put(member.id, new Expired(member.aliveUntil, now));
            return false;
        }
        return now - before.seenNanos >= BETWEEN_LOOKS.toNanos();
    }

    private boolean bury(Connection connection, long dead) throws SQLException {
        int maxInFlight;
        try (PreparedStatement statement = connection.prepareStatement(BURY)) {
            statement.setLong(1, dead);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                maxInFlight = row.getInt(1);
            }
        }
        if (place.isOrdered()) {
            try (PreparedStatement statement = connection.prepareStatement(LEAVE_LANES)) {
                statement.setInt(1, maxInFlight);
                statement.setInt(2, place.source());
                statement.setLong(3, dead);
                statement.executeUpdate();
            }
        } else {
            try (PreparedStatement statement = connection.prepareStatement(LEAVE_CLAIMS)) {
                statement.setInt(1, place.source());
                statement.setLong(2, dead);
                statement.executeUpdate();
            }
        }
        PostgresConnection.LOG.warn(
                "Receiver {} of source {} has not renewed its lease; its messages go to others", dead, place.source());
        return true;
    }
}
