package io.anymq.examples;

import io.anymq.brokers.BrokerKind;

/** The same programs on a real ActiveMQ Classic; only the URL differs. */
class ActiveMqExamplesIT extends BrokerExamples {
    ActiveMqExamplesIT() {
        super(BrokerKind.ACTIVEMQ);
    }
}
