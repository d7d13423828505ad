package io.anymq.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Needs a Docker engine, so it is run by name only: {@code -Dit.test=KafkaContainerCheck}. */
@Timeout(600)
class KafkaContainerCheck {

    @Test
    void servesThePlainClientAndSurvivesEveryFaultItClaims() throws Exception {
        BrokerOptions options = BrokerOptions.defaults().withVia(Via.TESTCONTAINERS);
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA, options)) {
            String url = broker.url();
            PlainKafka.createTopic(broker.bootstrap(), "orders");
            PlainKafka.send(broker.bootstrap(), "orders", "before the crash");

            broker.kill();
            assertThat(broker.isAlive()).isFalse();
            broker.restart();
            assertThat(broker.url()).isEqualTo(url);
            assertThat(PlainKafka.read(broker.bootstrap(), "orders", 1)).containsExactly("before the crash");

            broker.suspend();
            assertThat(PlainKafka.answersWithin(broker.bootstrap(), Duration.ofSeconds(2)))
                    .isFalse();
            broker.resume();
            assertThat(PlainKafka.answersWithin(broker.bootstrap(), Duration.ofSeconds(30)))
                    .isTrue();
        }
    }
}
