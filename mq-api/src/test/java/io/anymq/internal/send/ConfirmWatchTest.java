package io.anymq.internal.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Health;
import io.anymq.Health.Status;
import io.anymq.Message;
import io.anymq.Producer;
import io.anymq.internal.support.ConfirmWatch;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.OnManualBroker;
import io.anymq.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A client's health while the broker answers each probe. */
class ConfirmWatchTest extends OnManualBroker {
    private final List<OutboundMessage> held = new CopyOnWriteArrayList<>();

    private Health health() {
        return client().health(Duration.ofSeconds(1));
    }

    private void pass(Duration duration) {
        for (long millis = 0; millis < duration.toMillis(); millis += STEP.toMillis()) {
            time.advance(STEP);
        }
    }

    private void send(Producer<String> producer, String key) {
        var unused = producer.send(Message.of("x").withKey(key));
    }

    @Test
    void sendsThatNothingConfirmsMakeItDegraded() {
        broker.onSend = (address, message) -> held.add(message);
        Producer<String> producer = client().producer(ORDERS, String.class);
        send(producer, "a");
        send(producer, "b");
        pass(ConfirmWatch.BOUND.minusMillis(500));
        assertThat(health().status()).isEqualTo(Status.UP);
        advancingUntil(() -> health().status() == Status.DEGRADED);
        assertThat(health().detail()).contains("none of 2 sends", "orders", "confirmed for 3 s");

        held.get(0).confirmed(null);
        assertThat(health().status()).as("it confirms again").isEqualTo(Status.UP);
        pass(ConfirmWatch.BOUND.plusSeconds(1));
        assertThat(health().detail()).contains("none of 1 sends");
        held.get(1).confirmed(null);
        pass(ConfirmWatch.BOUND.plusSeconds(1));
        assertThat(health().status()).isEqualTo(Status.UP);
    }

    @Test
    void oneThatIsSlowAmongOthersSaysNothing() {
        broker.onSend = (address, message) -> {
            if ("slow".equals(message.key())) {
                held.add(message);
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Producer<String> producer = client().producer(ORDERS, String.class);
        send(producer, "slow");
        for (int i = 0; i < 10; i++) {
            send(producer, "quick");
            pass(Duration.ofSeconds(1));
            assertThat(health().status()).as(health().detail()).isEqualTo(Status.UP);
        }
        held.get(0).confirmed(null);
    }

    @Test
    void aFailureCountsUntilAConfirmOrForAWhile() {
        broker.onSend = (address, message) -> {
            if ("bad".equals(message.key())) {
                message.rejected(ManualBroker.down());
            } else {
                broker.storeAndConfirm(address, message);
            }
        };
        Producer<String> producer = client().producer(ORDERS, String.class);
        send(producer, "bad");
        assertThat(health().status()).isEqualTo(Status.DEGRADED);
        assertThat(health().detail()).contains("in this process, but the last send", "the broker is away");
        send(producer, "good");
        assertThat(health().status()).isEqualTo(Status.UP);

        producer.resumeKey("bad");
        send(producer, "bad");
        assertThat(health().status()).isEqualTo(Status.DEGRADED);
        pass(ConfirmWatch.BOUND);
        assertThat(health().status()).as("old news").isEqualTo(Status.UP);
    }

    @Test
    void aProducerThatIsClosedSaysNothing() {
        broker.onSend = (address, message) -> message.rejected(ManualBroker.down());
        Producer<String> producer = client().producer(ORDERS, String.class);
        send(producer, "a");
        assertThat(health().status()).isEqualTo(Status.DEGRADED);
        producer.close();
        assertThat(health().status()).isEqualTo(Status.UP);
    }
}
