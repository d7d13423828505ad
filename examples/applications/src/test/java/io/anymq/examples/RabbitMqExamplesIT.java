package io.anymq.examples;

import io.anymq.brokers.BrokerKind;
import org.junit.jupiter.api.Tag;

/** The same programs on a real RabbitMQ; only the URL differs. */
@Tag("rabbitmq")
class RabbitMqExamplesIT extends BrokerExamples {
    RabbitMqExamplesIT() {
        super(BrokerKind.RABBITMQ);
    }
}
