package io.anymq.examples;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.examples.registration.UserRegistration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same programs on a real ActiveMQ Artemis; only the URL differs. */
class ArtemisExamplesIT extends ExamplesTck {
    private static LocalBroker broker;

    @BeforeAll
    static void start() {
        broker = LocalBrokers.start(BrokerKind.ARTEMIS);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Subscriptions are durable: the fifth subscriber of the first run is there from the start in the second. */
    @Test
    void userRegistrationTwice() {
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
    }

    @Override
    String url() {
        return broker.url();
    }
}
