package io.anymq.postgresql;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.Durability;
import io.anymq.tck.ForeignMessages;
import io.anymq.tck.brokers.LocalBrokerHarness;
import io.anymq.tck.brokers.ProxiedBroker;
import java.util.Map;
import java.util.Optional;

/** A server of its own, because rules kill and suspend it, with the tables as an operator creates them. */
final class PostgresHarness extends LocalBrokerHarness {
    PostgresHarness() throws Exception {
        this(ProxiedBroker.start(BrokerKind.POSTGRESQL, BrokerOptions.defaults().withDurability(Durability.POWER)));
    }

    private PostgresHarness(ProxiedBroker broker) throws Exception {
        this(broker, new PostgresPlainClient(broker.broker().directBootstrap()));
    }

    private final PostgresForeign foreign;

    private PostgresHarness(ProxiedBroker broker, PostgresPlainClient plain) throws Exception {
        super(broker, plain, Map.of("anymq.postgresql.retention", "1h", "anymq.postgresql.lease", "5s"));
        foreign = new PostgresForeign(plain);
        plain.createTables();
    }

    @Override
    public Optional<ForeignMessages> foreign() {
        return Optional.of(foreign);
    }

    @Override
    public Map<String, String> livenessSettings() {
        return Map.of("anymq.postgresql.answer-timeout", "4s");
    }
}
