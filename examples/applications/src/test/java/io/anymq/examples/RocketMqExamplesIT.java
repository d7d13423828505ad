package io.anymq.examples;

import io.anymq.brokers.BrokerKind;

/** The same programs on a real RocketMQ; only the URL differs. */
class RocketMqExamplesIT extends BrokerExamples {
    RocketMqExamplesIT() {
        super(BrokerKind.ROCKETMQ);
    }
}
