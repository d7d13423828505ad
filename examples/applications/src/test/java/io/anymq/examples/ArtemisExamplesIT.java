package io.anymq.examples;

import io.anymq.brokers.BrokerKind;

/** The same programs on a real ActiveMQ Artemis; only the URL differs. */
class ArtemisExamplesIT extends BrokerExamples {
    ArtemisExamplesIT() {
        super(BrokerKind.ARTEMIS);
    }
}
