package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.policy.Ordering;
import io.anymq.spi.Address;
import io.anymq.spi.support.Declaration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Finds addresses in the database. Stateless. */
final class Places {
    private static final int LONGEST_NAME = 255;

    private static final String FIND = "SELECT d.id, d.kind, d.ordering, d.lanes, d.declared_by, s.id"
            + " FROM mq_destination d LEFT JOIN mq_source s ON s.destination = d.id AND s.name = ? WHERE d.name = ?";

    private final String where;

    Places(PostgresConfig config) {
        this.where = "mq_destination of the schema " + config.schema();
    }

    /** Why PostgreSQL cannot hold this name; null if it can. */
    static @Nullable String problem(String name) {
        boolean legal = name.length() <= LONGEST_NAME && name.chars().noneMatch(Character::isISOControl);
        return legal ? null : "a name must have 1 to " + LONGEST_NAME + " characters and no control characters";
    }

    /** The name of the queue or topic that the address belongs to. */
    static String destination(Address address) {
        if (address instanceof Address.Redelivery redelivery) {
            return destination(redelivery.origin());
        }
        if (address instanceof Address.OfSubscription of) {
            return destination(of.topic());
        }
        String physical = address.physicalName();
        if (physical != null) {
            return physical;
        }
        return address instanceof Address.OfQueue of
                ? of.queue().name()
                : ((Address.OfTopic) address).topic().name();
    }

    /** The name of the subscription, empty for anything else. */
    static String source(Address address) {
        if (address instanceof Address.Redelivery redelivery) {
            return source(redelivery.origin());
        }
        if (address instanceof Address.OfSubscription of) {
            String physical = of.physicalName();
            return physical != null ? physical : of.subscription().name();
        }
        return "";
    }

    /**
     * Looks it up and compares how it is declared.
     *
     * @throws MessagingException NOT_FOUND, MISMATCH
     */
    Place find(Connection connection, Address address) throws SQLException {
        Place found = findOrNull(connection, address);
        if (found == null) {
            throw missing(address);
        }
        return found;
    }

    /**
     * Like {@link #find}; null if it is missing.
     *
     * @throws MessagingException MISMATCH
     */
    @Nullable
    Place findOrNull(Connection connection, Address address) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, source(address));
            statement.setString(2, destination(address));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                new Declaration(row.getString(2), row.getString(3), row.getString(5)).requireAgreement(address, where);
                int source = row.getInt(6);
                boolean noSource = row.wasNull();
                boolean topic = address instanceof Address.OfTopic;
                if (noSource && !topic) {
                    return null;
                }
                return new Place(row.getInt(1), topic ? -1 : source, Ordering.valueOf(row.getString(3)), row.getInt(4));
            }
        }
    }

    private MessagingException missing(Address address) {
        return new MessagingException(
                ErrorCode.NOT_FOUND,
                address + " does not exist in " + where
                        + "; create it with anymq.provision=create, or with the schema's function mq_create_"
                        + (address instanceof Address.OfTopic
                                ? "topic"
                                : address instanceof Address.OfSubscription ? "subscription" : "queue"));
    }
}
