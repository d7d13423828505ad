package io.anymq.postgresql;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.PlainClient;
import io.anymq.tck.brokers.RoundTripContract;
import java.sql.RowId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Together with plain SQL. */
@Tag("postgresql")
class PostgresRoundTripIT extends RoundTripContract {
    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.POSTGRESQL, Map.of()));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return PostgresConnection.open(context);
    }

    @Override
    protected PlainClient plain(LocalBroker broker) {
        return new PostgresPlainClient(broker.bootstrap());
    }

    @Override
    protected Class<?> nativeMessage() {
        return RowId.class;
    }

    @Override
    protected String optionForLargerBodies() {
        return "anymq.postgresql.max-body";
    }
}
