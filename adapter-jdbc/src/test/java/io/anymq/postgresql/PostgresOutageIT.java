package io.anymq.postgresql;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.brokers.OutageContract;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.SpiContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgresql")
class PostgresOutageIT extends OutageContract {
    private static final String STRANGER = "does not answer as PostgreSQL does";

    @Override
    protected List<Setup> setups() {
        return List.of(new Setup(BrokerKind.POSTGRESQL, BrokerOptions.defaults(), Map.of()));
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return PostgresConnection.open(context);
    }

    @Override
    protected String url(String address) {
        return "postgresql://bob:topsecret@" + address + "/app";
    }

    @Override
    protected Refusal somethingElseThere() {
        return new Refusal(ErrorCode.UNAVAILABLE, STRANGER);
    }

    @Override
    protected Refusal somethingSilentThere() {
        return new Refusal(ErrorCode.TIMEOUT, STRANGER);
    }

    @Override
    protected boolean receiverEndsWithTheBroker() {
        return true;
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        String url = SharedBrokers.of(BrokerKind.POSTGRESQL).url() + "/no_such_database";
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> connect(SpiContext.of(url, Map.of(), SHORT)))
                .withMessageContaining("no_such_database")
                .withMessageContaining("create the database")
                .matches(error -> error.code() == ErrorCode.NOT_FOUND);
        noThreadsLeft();
    }
}
