package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;

/** PostgreSQL. */
@Tag("postgresql")
class PostgresProcessIT extends LocalProcessContract {

    @Override
    BrokerKind kind() {
        return BrokerKind.POSTGRESQL;
    }

    @Override
    BadSetting badSetting() {
        return new BadSetting("no_such_parameter", "1", "no_such_parameter", "unrecognized configuration parameter");
    }

    @Override
    String urlPrefix() {
        return "postgresql://postgres@";
    }

    @Override
    boolean answers(LocalBroker broker) {
        return PostgresProbe.version(broker.bootstrap()).isPresent();
    }

    private static Connection connect(LocalBroker broker) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + broker.bootstrap()
                + "/postgres?user=postgres&connectTimeout=20&socketTimeout=20");
    }

    private static String one(LocalBroker broker, String query) throws SQLException {
        try (Connection connection = connect(broker);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    void use(LocalBroker broker) throws Exception {
        assertThat(one(broker, "SHOW server_encoding")).isEqualTo("UTF8");
        assertThat(one(broker, "SHOW fsync")).isEqualTo("off");
        assertThat(broker.describe().version()).contains(one(broker, "SHOW server_version"));
    }

    @Override
    BrokerOptions durable() {
        return OPTIONS.withDurability(Durability.POWER);
    }

    @Override
    void store(LocalBroker broker) throws Exception {
        try (Connection connection = connect(broker);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE stored AS SELECT '" + broker.bootstrap() + "' AS at");
        }
    }

    @Override
    void assertStored(LocalBroker broker) throws Exception {
        assertThat(one(broker, "SELECT at FROM stored")).isEqualTo(broker.bootstrap());
    }
}
