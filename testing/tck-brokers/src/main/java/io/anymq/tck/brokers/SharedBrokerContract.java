package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What contracts have in common that are tried with brokers shared by all tests; see {@link SharedBrokers}. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SharedBrokerContract {
    /** The time a test gives the adapter, and waits for expected events. */
    protected static final Duration BOUND = Duration.ofSeconds(30);

    /**
     * One way to be tried.
     *
     * @param kind which broker
     * @param settings the adapter's options, without their prefix
     */
    public record Setup(BrokerKind kind, Map<String, String> settings) {}

    /** Something to do on an open connection. */
    @FunctionalInterface
    protected interface Work {
        /** Does it. */
        void on(BrokerConnection connection) throws Exception;
    }

    SharedBrokerContract() {}

    /** All setups to try; at least one. */
    protected abstract List<Setup> setups();

    /** Connects as the adapter under test. */
    protected abstract BrokerConnection connect(ConnectionContext context);

    /** Connects, works and closes. */
    protected final void connected(Setup setup, Work work) throws Exception {
        String url = SharedBrokers.of(setup.kind()).url();
        BrokerConnection connection = connect(SpiContext.of(url, setup.settings(), BOUND));
        try {
            work.on(connection);
        } finally {
            connection.close(BOUND);
        }
    }

    /** Checks that a call fails so. */
    protected static void fails(ErrorCode code, String says, ThrowingCallable call) {
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(call)
                .withMessageContaining(says)
                .satisfies(error -> assertThat(error.code()).isEqualTo(code));
    }
}
