package io.anymq.examples;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.examples.registration.UserRegistration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same programs on a real broker; only the URL differs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokerExamples extends ExamplesTck {
    private final BrokerKind kind;
    private @Nullable LocalBroker broker;

    BrokerExamples(BrokerKind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start() {
        broker = LocalBrokers.start(kind);
    }

    @AfterAll
    void stop() {
        LocalBroker started = broker;
        if (started != null) {
            started.close();
        }
    }

    /** Subscriptions are durable: the fifth subscriber of the first run is there from the start in the second. */
    @Test
    void userRegistrationTwice() {
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
    }

    @Override
    String url() {
        return Objects.requireNonNull(broker, "started before all tests").url();
    }
}
