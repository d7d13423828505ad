package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.StartPosition;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.support.Deadline;
import io.anymq.spi.support.Declaration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Creates and checks the tables, and queues, topics and subscriptions in them. Thread-safe. */
final class PostgresProvisioner {
    private static final String CREATE_DESTINATION = "INSERT INTO mq_destination"
            + " (name, kind, ordering, lanes, retention, declared_by)"
            + " VALUES (?, ?, ?, ?, ? * interval '1 millisecond', ?) ON CONFLICT (name) DO NOTHING";

    private static final String CREATE_SOURCE = "INSERT INTO mq_source (destination, name) VALUES (?, ?)"
            + " ON CONFLICT (destination, name) DO NOTHING RETURNING id";

    private static final String CREATE_RETAINED = "INSERT INTO mq_source (destination, name)"
            + " SELECT id, '' FROM mq_destination WHERE id = ? AND retention > interval '0'"
            + " ON CONFLICT (destination, name) DO NOTHING";

    private static final String CREATE_LANES =
            "INSERT INTO mq_lane (source, lane)" + " SELECT ?, n FROM generate_series(0, ? - 1) AS n";

    /** What is due already goes to its lane. */
    private static final String COPY_RETAINED = "INSERT INTO mq_message"
            + " (source, lane, due, sent_at, message_id, key, content_type, headers, body)"
            + " SELECT ?, CASE WHEN m.due > clock_timestamp() THEN -1 WHEN d.lanes = 1 THEN 0"
            + " WHEN m.key IS NULL THEN (m.id % d.lanes)::integer ELSE mq_lane_of(m.key, d.lanes) END,"
            + " CASE WHEN m.due > clock_timestamp() THEN m.due END,"
            + " m.sent_at, m.message_id, m.key, m.content_type, m.headers, m.body"
            + " FROM mq_destination d JOIN mq_source s ON s.destination = d.id AND s.name = ''"
            + " JOIN mq_message m ON m.source = s.id AND m.lane = 0 AND m.stored > clock_timestamp() - d.retention"
            + " WHERE d.id = ? ORDER BY m.id";

    private final PostgresConfig config;
    private final ConnectionPool administration;
    private final Places places;

    PostgresProvisioner(PostgresConfig config, ConnectionPool administration, Places places) {
        this.config = config;
        this.administration = administration;
        this.places = places;
    }

    void provision(Address address, ProvisionMode mode) {
        if (mode == ProvisionMode.NONE) {
            return;
        }
        if (address instanceof Address.OfSubscription of
                && of.subscription().start() == StartPosition.EARLIEST
                && config.retention().isZero()) {
            throw new MessagingException(
                    ErrorCode.UNSUPPORTED,
                    of.subscription()
                            + " cannot start at EARLIEST, because topics retain nothing; set anymq.postgresql."
                            + PostgresConfig.RETENTION + " on every client that creates topics");
        }
        Deadline deadline = Deadline.after(config.operationTimeout());
        try {
            if (mode == ProvisionMode.CREATE) {
                administration.inTransaction(deadline, connection -> {
                    Schema.create(connection, config.schema());
                    if (places.findOrNull(connection, address) == null) {
                        create(connection, address);
                    }
                    return places.find(connection, address);
                });
            } else {
                administration.use(deadline, connection -> {
                    Schema.require(connection, config.schema());
                    return places.find(connection, address);
                });
            }
        } catch (SQLException e) {
            throw PostgresTranslator.error("provisioning " + address, e);
        }
    }

    private void create(Connection connection, Address address) throws SQLException {
        if (address instanceof Address.Redelivery) {
            return; // the source itself, which is provisioned before
        }
        if (address instanceof Address.OfSubscription of) {
            createSubscription(connection, of);
            return;
        }
        createDestination(connection, address);
        Place made = places.findOrNull(connection, address);
        if (address instanceof Address.OfQueue && made == null) {
            int destination = destination(connection, address);
            createSource(connection, destination, "", address.ordering());
        } else if (made != null && made.isTopic()) {
            try (PreparedStatement statement = connection.prepareStatement(CREATE_RETAINED)) {
                statement.setInt(1, made.destination());
                statement.executeUpdate();
            }
        }
    }

    private void createDestination(Connection connection, Address address) throws SQLException {
        boolean queue = address instanceof Address.OfQueue;
        try (PreparedStatement statement = connection.prepareStatement(CREATE_DESTINATION)) {
            statement.setString(1, Places.destination(address));
            statement.setString(2, queue ? Declaration.QUEUE : Declaration.TOPIC);
            statement.setString(3, address.ordering().name());
            statement.setInt(4, address.ordering() == Ordering.PER_KEY ? config.lanes() : 1);
            statement.setLong(5, queue ? 0 : config.retention().toMillis());
            statement.setString(6, config.clientName());
            statement.executeUpdate();
        }
    }

    private void createSubscription(Connection connection, Address.OfSubscription address) throws SQLException {
        if (places.findOrNull(connection, address.topic()) == null) {
            create(connection, address.topic());
        }
        Place topic = places.find(connection, address.topic());
        // Behind every send that has not seen it, and before every one that will.
        Schema.lock(connection, Schema.DESTINATION_LOCK, topic.destination());
        int source = createSource(connection, topic.destination(), Places.source(address), address.ordering());
        if (source >= 0 && address.subscription().start() == StartPosition.EARLIEST) {
            try (PreparedStatement statement = connection.prepareStatement(COPY_RETAINED)) {
                statement.setInt(1, source);
                statement.setInt(2, topic.destination());
                statement.executeUpdate();
            }
        }
    }

    /** The new source, or -1 if there was one. */
    private static int createSource(Connection connection, int destination, String name, Ordering ordering)
            throws SQLException {
        int source = insertSource(connection, destination, name);
        if (source >= 0 && ordering != Ordering.UNORDERED) {
            try (PreparedStatement statement = connection.prepareStatement(CREATE_LANES)) {
                statement.setInt(1, source);
                statement.setInt(2, lanes(connection, destination));
                statement.executeUpdate();
            }
        }
        return source;
    }

    private static int insertSource(Connection connection, int destination, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CREATE_SOURCE)) {
            statement.setInt(1, destination);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : -1;
            }
        }
    }

    private static int destination(Connection connection, Address address) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM mq_destination WHERE name = ?")) {
            statement.setString(1, Places.destination(address));
            return integer(statement);
        }
    }

    private static int lanes(Connection connection, int destination) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT lanes FROM mq_destination WHERE id = ?")) {
            statement.setInt(1, destination);
            return integer(statement);
        }
    }

    private static int integer(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw PostgresTranslator.gone("the queue or topic");
            }
            return row.getInt(1);
        }
    }
}
