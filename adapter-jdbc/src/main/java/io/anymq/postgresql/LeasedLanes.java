package io.anymq.postgresql;

import io.anymq.MessagingException;
import io.anymq.spi.Lane;
import io.anymq.spi.LaneListener;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages of an ordered source: whole lanes belong to this receiver, so it reads them without a write. Each
 * receiver has its fair share of the lanes; one that has too many gives some back.
 */
final class LeasedLanes implements Supply {
    /** After so long a message that was handed out has not killed its consumer. */
    private static final long CAREFUL_NANOS = Duration.ofSeconds(2).toNanos();

    /**
     * What is behind {@code after}, and what has become visible since the last look although its id is lower: no
     * transaction that was running then is below that look's xmin.
     */
    private static final String TAKE = "SELECT f.me, f.xmin, " + PostgresMessage.COLUMNS
            + " FROM (SELECT (SELECT r.id FROM mq_receiver r WHERE r.id = ?) AS me,"
            + " pg_snapshot_xmin(pg_current_snapshot())::text AS xmin) AS f"
            + " LEFT JOIN (SELECT x.* FROM unnest(?, ?, ?) AS l (lane, after, xmin) CROSS JOIN LATERAL"
            + " (SELECT * FROM mq_message m WHERE m.source = ? AND m.lane = l.lane"
            + " AND (m.id > l.after OR (m.tx >= l.xmin::xid8 AND m.id <> ALL (?)))"
            + " ORDER BY m.id LIMIT ?) AS x LIMIT ?) AS m ON true";

    private static final String LEASE = "UPDATE mq_lane SET receiver = ? WHERE source = ? AND lane IN"
            + " (SELECT l.lane FROM mq_lane l WHERE l.source = ? AND (l.receiver IS NULL"
            + " OR NOT EXISTS (SELECT 1 FROM mq_receiver r WHERE r.id = l.receiver))"
            + " ORDER BY l.lane LIMIT ? FOR UPDATE OF l SKIP LOCKED)"
            + " AND EXISTS (SELECT 1 FROM mq_receiver r WHERE r.id = ?) RETURNING lane, careful_until";

    private static final String GIVE_BACK =
            "UPDATE mq_lane SET receiver = NULL WHERE source = ? AND receiver = ? AND lane = ANY (?)";

    private static final String GIVE_ALL_BACK = "UPDATE mq_lane SET receiver = NULL WHERE source = ? AND receiver = ?";

    /** The lock makes a competitor wait that is about to take this receiver for dead. */
    private static final String SETTLE = "WITH me AS (SELECT id FROM mq_receiver WHERE id = ? FOR KEY SHARE)"
            + " DELETE FROM mq_message m USING me, unnest(?, ?) AS u (lane, id)"
            + " WHERE m.source = ? AND m.lane = u.lane AND m.id = u.id";

    private final Place place;
    private final String name;
    private final Membership membership;
    private final ConnectionPool connections;
    private final Attempts attempts;
    private final LaneListener listener;
    private final Wakes wakes;
    private final TreeMap<Integer, PostgresLane> lanes = new TreeMap<>();

    private int turn;
    private boolean more;
    private boolean handedOutBefore;
    private long carefulSince;

    LeasedLanes(
            Place place,
            String name,
            Membership membership,
            ConnectionPool connections,
            Attempts attempts,
            LaneListener listener,
            Wakes wakes) {
        this.place = place;
        this.name = name;
        this.membership = membership;
        this.connections = connections;
        this.attempts = attempts;
        this.listener = listener;
        this.wakes = wakes;
    }

    @Override
    public List<PostgresMessage> take(Connection connection, int most) throws SQLException {
        List<PostgresLane> open = new ArrayList<>();
        List<PostgresLane> careful = new ArrayList<>();
        for (PostgresLane lane : lanes.values()) {
            if (isReady(lane)) {
                (lane.isCareful() ? careful : open).add(lane);
            }
        }
        List<PostgresMessage> taken = new ArrayList<>();
        if (!careful.isEmpty()) {
            taken.addAll(read(connection, careful, 1, most));
            attempts.writeNext(connection, taken);
            carefulSince = System.nanoTime();
        }
        int room = most - taken.size();
        more = room <= 0;
        if (room > 0 && !open.isEmpty()) {
            // Each look starts with another lane, so that none waits for ever behind a full one.
            turn = (turn + 1) % open.size();
            Collections.rotate(open, turn);
            List<PostgresMessage> read = read(connection, open, room, room);
            more = read.size() >= room;
            if (!handedOutBefore && !read.isEmpty() && taken.isEmpty()) {
                // An engine without work begins the first message at once, so it is counted from its first crash on.
                attempts.writeNext(connection, read.subList(0, 1));
            }
            taken.addAll(read);
        }
        handedOutBefore |= !taken.isEmpty();
        return taken;
    }

    private boolean isReady(PostgresLane lane) {
        boolean alone =
                lane.isCareful() && !lane.inFlight().isEmpty() && System.nanoTime() - carefulSince < CAREFUL_NANOS;
        return !lane.paused && !alone;
    }

    private List<PostgresMessage> read(Connection connection, List<PostgresLane> from, int mostOfLane, int most)
            throws SQLException {
        int count = from.size();
        @Nullable Integer[] indexes = new @Nullable Integer[count];
        @Nullable Long[] after = new @Nullable Long[count];
        @Nullable String[] xmins = new @Nullable String[count];
        List<Long> recent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PostgresLane lane = from.get(i);
            indexes[i] = lane.index();
            after[i] = lane.after;
            xmins[i] = Long.toString(lane.xmin);
            for (PostgresMessage message : lane.inFlight().values()) {
                if (message.tx() >= lane.xmin) {
                    recent.add(message.row().id());
                }
            }
        }
        List<PostgresMessage> read = new ArrayList<>();
        long xmin = 0;
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setLong(1, membership.id());
            Insert.array(statement, 2, "int4", indexes);
            Insert.array(statement, 3, "int8", after);
            Insert.array(statement, 4, "text", xmins);
            statement.setInt(5, place.source());
            Insert.array(statement, 6, "int8", recent.toArray(new Long[0]));
            statement.setInt(7, mostOfLane);
            statement.setInt(8, most);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    rows.getLong(1);
                    if (rows.wasNull()) {
                        throw Membership.lost();
                    }
                    xmin = Long.parseLong(rows.getString(2));
                    int index = rows.getInt(3);
                    PostgresLane lane = rows.wasNull() ? null : lanes.get(index);
                    if (lane != null) {
                        read.add(PostgresMessage.read(lane, attempts, place.source(), rows, 3));
                    }
                }
            }
        }
        advance(from, read, xmin, mostOfLane, read.size() >= most);
        return read;
    }

    /** Notes up to where each lane was read. {@code full} says that the last ones may not have been reached. */
    private static void advance(
            List<PostgresLane> from, List<PostgresMessage> read, long xmin, int mostOfLane, boolean full) {
        int next = 0;
        for (PostgresLane lane : from) {
            int first = next;
            long last = 0;
            while (next < read.size() && read.get(next).owner() == lane) {
                last = read.get(next).row().id();
                next++;
            }
            boolean partly = next - first >= mostOfLane || (full && next == read.size());
            if (!partly || (next > first && last >= lane.after)) {
                lane.xmin = xmin;
            }
            if (!partly && next == first) {
                // nothing is left of what a crash has put under suspicion
                lane.carefulUntil = 0;
            }
        }
        read.forEach(message -> message.owner().handedOut(message));
    }

    @Override
    public boolean mayHaveMore() {
        if (more) {
            return true;
        }
        for (PostgresLane lane : lanes.values()) {
            if (lane.isCareful() && isReady(lane)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void look() throws SQLException {
        List<Long> members = membership.alive();
        int rank = members.indexOf(membership.id());
        int share = place.lanes() / members.size() + (rank < place.lanes() % members.size() ? 1 : 0);
        if (lanes.size() > share) {
            giveBack(lanes.size() - share);
        } else if (lanes.size() < share) {
            lease(share - lanes.size());
        }
    }

    private void lease(int wanted) throws SQLException {
        int had = lanes.size();
        connections.use(membership.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LEASE)) {
                statement.setLong(1, membership.id());
                statement.setInt(2, place.source());
                statement.setInt(3, place.source());
                statement.setInt(4, wanted);
                statement.setLong(5, membership.id());
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        int index = rows.getInt(1);
                        lanes.put(index, new PostgresLane(name + "-" + index, index, rows.getLong(2)));
                    }
                }
            }
            return true;
        });
        more |= lanes.size() > had;
    }

    private void giveBack(int count) throws SQLException {
        List<PostgresLane> leaving = new ArrayList<>();
        for (PostgresLane lane : lanes.descendingMap().values()) {
            if (leaving.size() < count) {
                leaving.add(lane);
            }
        }
        MessagingException failure = null;
        try {
            listener.lanesRevoked(leaving.stream().map(PostgresLane::lane).toList());
        } catch (MessagingException e) {
            failure = e;
        }
        List<PostgresMessage> unsettled = new ArrayList<>();
        for (PostgresLane lane : leaving) {
            lanes.remove(lane.index());
            lane.owned = false;
            unsettled.addAll(lane.inFlight().values());
        }
        Integer[] indexes = leaving.stream().map(PostgresLane::index).toArray(Integer[]::new);
        connections.inTransaction(membership.deadline(), connection -> {
            attempts.write(connection, Attempts.wrong(unsettled));
            try (PreparedStatement statement = connection.prepareStatement(GIVE_BACK)) {
                statement.setInt(1, place.source());
                statement.setLong(2, membership.id());
                Insert.array(statement, 3, "int4", indexes);
                statement.executeUpdate();
            }
            return true;
        });
        wakes.membersChanged(place.destination());
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void settle(Connection connection, List<PostgresMessage> done) throws SQLException {
        Integer[] indexes = done.stream().map(message -> message.row().lane()).toArray(Integer[]::new);
        Long[] ids = done.stream().map(message -> message.row().id()).toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(SETTLE)) {
            statement.setLong(1, membership.id());
            Insert.array(statement, 2, "int4", indexes);
            Insert.array(statement, 3, "int8", ids);
            statement.setInt(4, place.source());
            if (statement.executeUpdate() == 0) {
                throw Membership.lost();
            }
        }
    }

    @Override
    public void settled(List<PostgresMessage> done) {
        done.forEach(message -> message.owner().settled(message));
    }

    @Override
    public Collection<PostgresMessage> out() {
        List<PostgresMessage> out = new ArrayList<>();
        lanes.values().forEach(lane -> out.addAll(lane.inFlight().values()));
        return out;
    }

    @Override
    public void release(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GIVE_ALL_BACK)) {
            statement.setInt(1, place.source());
            statement.setLong(2, membership.id());
            statement.executeUpdate();
        }
    }

    @Override
    public void pause(Lane wanted, boolean paused) {
        for (PostgresLane lane : lanes.values()) {
            if (lane.lane() == wanted) {
                lane.paused = paused;
                more |= !paused;
            }
        }
    }
}
