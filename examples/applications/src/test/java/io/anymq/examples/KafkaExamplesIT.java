package io.anymq.examples;

import io.anymq.brokers.BrokerKind;

/** The same programs on a real Kafka; only the URL differs. */
class KafkaExamplesIT extends BrokerExamples {
    KafkaExamplesIT() {
        super(BrokerKind.KAFKA);
    }
}
