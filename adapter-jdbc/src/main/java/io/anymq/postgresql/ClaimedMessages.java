package io.anymq.postgresql;

import io.anymq.spi.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes messages of an unordered source, in competition with others for each: by a row in {@code mq_claim}, past those
 * that another receiver is taking at the moment. What a dead receiver has left behind goes a few at a time, each counted
 * before: one at first, and twice as many whenever these were survived.
 */
final class ClaimedMessages implements Supply {
    /** After so long a message that was handed out has not killed its consumer. */
    private static final long CAREFUL_NANOS = Duration.ofSeconds(2).toNanos();

    /** A claim that is lost with the server takes nothing away, so the disk need not be waited for. */
    private static final String TAKE = "WITH me AS (SELECT id FROM mq_receiver WHERE id = ? FOR KEY SHARE),"
            + " picked AS (SELECT m.id FROM mq_message m WHERE m.source = ? AND m.lane = 0 AND m.id > ?"
            + " AND NOT EXISTS (SELECT 1 FROM mq_claim c WHERE c.source = m.source AND c.message = m.id)"
            + " ORDER BY m.id LIMIT ? FOR UPDATE OF m SKIP LOCKED),"
            + " claimed AS (INSERT INTO mq_claim (source, message, receiver) SELECT ?, picked.id, me.id FROM picked, me,"
            + " (SELECT set_config('synchronous_commit', 'off', true)) AS c"
            + " ON CONFLICT DO NOTHING RETURNING message)"
            + " SELECT f.me, " + PostgresMessage.COLUMNS + " FROM (SELECT (SELECT id FROM me) AS me) AS f"
            + " LEFT JOIN (SELECT x.* FROM claimed JOIN mq_message x"
            + " ON x.source = ? AND x.lane = 0 AND x.id = claimed.message) AS m ON true ORDER BY m.id";

    /** As many as usually begin at once, so that few are counted that have not begun when their consumer dies. */
    private static final int MOST_LEFT = 16;

    private static final String TAKE_LEFT = "UPDATE mq_claim c SET receiver = ? WHERE c.source = ? AND c.message IN"
            + " (SELECT l.message FROM mq_claim l WHERE l.source = ? AND l.receiver IS NULL"
            + " ORDER BY l.message LIMIT ? FOR UPDATE SKIP LOCKED)"
            + " AND EXISTS (SELECT 1 FROM mq_receiver r WHERE r.id = ?) RETURNING message";

    private static final String READ = "SELECT " + PostgresMessage.COLUMNS
            + " FROM mq_message m WHERE m.source = ? AND m.lane = 0 AND m.id = ANY (?) ORDER BY m.id";

    private static final String FORGET = "DELETE FROM mq_claim WHERE source = ? AND message = ANY (?) AND receiver = ?";

    private static final String SETTLE = "WITH mine AS"
            + " (DELETE FROM mq_claim WHERE source = ? AND message = ANY (?) AND receiver = ? RETURNING message)"
            + " DELETE FROM mq_message m USING mine WHERE m.source = ? AND m.lane = 0 AND m.id = mine.message";

    private static final String RELEASE = "DELETE FROM mq_claim WHERE source = ? AND receiver = ?";

    private final Place place;
    private final Membership membership;
    private final Attempts attempts;
    private final PostgresLane lane;
    private final Set<PostgresMessage> suspects = new HashSet<>();
    private int mostSuspects = 1;
    private long suspectSince;
    private boolean left = true;
    private boolean more;
    private boolean handedOutBefore;

    /** Where the next look begins: what is before that is claimed, mostly. */
    private long after;

    ClaimedMessages(Place place, String name, Membership membership, Attempts attempts) {
        this.place = place;
        this.membership = membership;
        this.attempts = attempts;
        this.lane = new PostgresLane(name, 0, 0);
    }

    @Override
    public List<PostgresMessage> take(Connection connection, int most) throws SQLException {
        List<PostgresMessage> taken = new ArrayList<>();
        if (mayTakeLeft()) {
            List<PostgresMessage> next = takeLeft(connection, Math.min(most, mostSuspects));
            left = !next.isEmpty();
            mostSuspects = left ? Math.min(MOST_LEFT, mostSuspects * 2) : 1;
            attempts.writeNext(connection, next);
            suspectSince = System.nanoTime();
            suspects.addAll(next);
            taken.addAll(next);
        }
        int room = most - taken.size();
        more = room <= 0;
        if (room > 0 && !lane.paused) {
            List<PostgresMessage> read = claim(connection, room);
            if (read.isEmpty() && after > 0) {
                after = 0;
                read = claim(connection, room);
            }
            more = read.size() >= room;
            after = more ? read.get(read.size() - 1).row().id() : 0;
            if (!handedOutBefore && !read.isEmpty() && taken.isEmpty()) {
                // An engine without work begins the first message at once, so it is counted from its first crash on.
                attempts.writeNext(connection, read.subList(0, 1));
            }
            taken.addAll(read);
        }
        handedOutBefore |= !taken.isEmpty();
        taken.forEach(lane::handedOut);
        return taken;
    }

    private boolean mayTakeLeft() {
        return left && !lane.paused && (suspects.isEmpty() || System.nanoTime() - suspectSince >= CAREFUL_NANOS);
    }

    private List<PostgresMessage> claim(Connection connection, int most) throws SQLException {
        List<PostgresMessage> read = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setLong(1, membership.id());
            statement.setInt(2, place.source());
            statement.setLong(3, after);
            statement.setInt(4, most);
            statement.setInt(5, place.source());
            statement.setInt(6, place.source());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    rows.getLong(1);
                    if (rows.wasNull()) {
                        throw Membership.lost();
                    }
                    rows.getInt(2);
                    if (!rows.wasNull()) {
                        read.add(PostgresMessage.read(lane, attempts, place.source(), rows, 2));
                    }
                }
            }
        }
        return read;
    }

    private List<PostgresMessage> takeLeft(Connection connection, int most) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TAKE_LEFT)) {
            statement.setLong(1, membership.id());
            statement.setInt(2, place.source());
            statement.setInt(3, place.source());
            statement.setInt(4, most);
            statement.setLong(5, membership.id());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        List<PostgresMessage> read = new ArrayList<>(ids.size());
        if (ids.isEmpty()) {
            return read;
        }
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, place.source());
            Insert.array(statement, 2, "int8", ids.toArray(new Long[0]));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    read.add(PostgresMessage.read(lane, attempts, place.source(), rows, 1));
                }
            }
        }
        if (read.size() < ids.size()) {
            read.forEach(message -> ids.remove(message.row().id()));
            forget(connection, ids);
        }
        return read;
    }

    /** Claims to messages that were deleted by hand. */
    private void forget(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setInt(1, place.source());
            Insert.array(statement, 2, "int8", ids.toArray(new Long[0]));
            statement.setLong(3, membership.id());
            statement.executeUpdate();
        }
    }

    @Override
    public boolean mayHaveMore() {
        return more || mayTakeLeft();
    }

    @Override
    public void look() throws SQLException {
        membership.alive();
        left = true;
        after = 0;
    }

    @Override
    public void settle(Connection connection, List<PostgresMessage> done) throws SQLException {
        Long[] ids = done.stream().map(message -> message.row().id()).toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
            statement.setInt(1, place.source());
            Insert.array(statement, 2, "int8", ids);
            statement.setLong(3, membership.id());
            statement.setInt(4, place.source());
            if (statement.executeUpdate() == 0) {
                throw Membership.lost();
            }
        }
    }

    @Override
    public void settled(List<PostgresMessage> done) {
        for (PostgresMessage message : done) {
            lane.settled(message);
            left |= suspects.remove(message);
        }
    }

    @Override
    public Collection<PostgresMessage> out() {
        return new ArrayList<>(lane.inFlight().values());
    }

    @Override
    public void release(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setInt(1, place.source());
            statement.setLong(2, membership.id());
            statement.executeUpdate();
        }
    }

    @Override
    public void pause(Lane wanted, boolean paused) {
        if (lane.lane() == wanted) {
            lane.paused = paused;
            more |= !paused;
        }
    }
}
