package io.anymq.postgresql;

import io.anymq.ErrorCode;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import io.anymq.tck.brokers.ProvisionerContract;
import io.anymq.tck.brokers.SharedBrokers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Provisioning, with history and without, and of the tables themselves. */
@Tag("postgresql")
class PostgresProvisionerIT extends ProvisionerContract {
    @Override
    protected List<Setup> setups() {
        return List.of(
                new Setup(BrokerKind.POSTGRESQL, Map.of()),
                new Setup(BrokerKind.POSTGRESQL, Map.of(PostgresConfig.RETENTION, "1h")));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return PostgresConnection.open(context);
    }

    private static PostgresPlainClient plain() {
        return new PostgresPlainClient(SharedBrokers.of(BrokerKind.POSTGRESQL).bootstrap());
    }

    @Override
    protected void delete(Setup setup, Address address) throws Exception {
        plain().execute("DELETE FROM mq_destination WHERE name = ?", Places.destination(address));
    }

    @Test
    void missingTablesAreCreatedOnlyIfTheClientMay() throws Exception {
        Setup setup = new Setup(BrokerKind.POSTGRESQL, Map.of(PostgresConfig.SCHEMA, "untouched"));
        Address queue = new Address.OfQueue(Queue.of("q"));
        connected(setup, connection -> {
            fails(
                    ErrorCode.NOT_FOUND,
                    "V1__anymq_broker.sql",
                    () -> connection.provision(queue, ProvisionMode.VALIDATE));
            connection.provision(queue, ProvisionMode.CREATE);
            connection.provision(queue, ProvisionMode.VALIDATE);
        });
    }

    @Test
    void tablesOfAnotherVersionAreRefused() throws Exception {
        Setup setup = new Setup(BrokerKind.POSTGRESQL, Map.of(PostgresConfig.SCHEMA, "newer"));
        Address queue = new Address.OfQueue(Queue.of("q"));
        connected(setup, connection -> {
            connection.provision(queue, ProvisionMode.CREATE);
            plain().execute("UPDATE newer.mq_schema SET version = 99");
            for (ProvisionMode mode : List.of(ProvisionMode.CREATE, ProvisionMode.VALIDATE)) {
                fails(ErrorCode.MISMATCH, "version 99", () -> connection.provision(queue, mode));
            }
        });
    }
}
