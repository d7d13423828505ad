package io.anymq.examples;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same programs on a real Kafka; only the URL differs. */
class KafkaExamplesIT extends ExamplesTck {
    private static LocalBroker broker;

    @BeforeAll
    static void start() {
        broker = LocalBrokers.start(BrokerKind.KAFKA);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Override
    String url() {
        return broker.url();
    }
}
