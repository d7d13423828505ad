package io.anymq.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application on real brokers, by one property. {@link SignUpApplicationIT} has the broker in memory. */
@Timeout(240)
class SignUpOnBrokersIT {
    private static void runsOn(BrokerKind kind) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(kind);
                RunningExample example = new RunningExample("--anymq.url=" + broker.url())) {
            example.awaitUp();
            example.handlesSignUps();
        }
    }

    @Test
    void kafka() throws Exception {
        runsOn(BrokerKind.KAFKA);
    }

    @Test
    @Tag("rabbitmq")
    void rabbitMq() throws Exception {
        runsOn(BrokerKind.RABBITMQ);
    }

    @Test
    void rocketMq() throws Exception {
        runsOn(BrokerKind.ROCKETMQ);
    }

    @Test
    void activeMqClassic() throws Exception {
        runsOn(BrokerKind.ACTIVEMQ);
    }

    /** Its broker comes after the application. */
    @Test
    void artemisThatIsDownAtTheStart() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.ARTEMIS)) {
            broker.kill();
            try (RunningExample example =
                    new RunningExample("--anymq.url=" + broker.url(), "--anymq.connect-timeout=1s")) {
                assertThat(example.call("GET", "/actuator/health", "").statusCode())
                        .isEqualTo(503);
                assertThat(example.signUp("Ada").statusCode()).isEqualTo(503);
                broker.restart();
                example.awaitUp();
                example.handlesSignUps();
            }
        }
    }
}
