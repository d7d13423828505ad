package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Delivery;
import io.anymq.MessagingClient;
import io.anymq.policy.RetryPolicy;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** However long a client lives, what is known of a message goes with it. */
class ForgottenMessagesTest extends OnTelemetry {
    private static final int GOOD = 20;

    @Test
    void nothingHoldsWhatIsSettledOrDeadLettered() {
        List<WeakReference<Delivery<?>>> seen = new CopyOnWriteArrayList<>();
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).retry(RetryPolicy.never()).start(delivery -> {
            seen.add(new WeakReference<>(delivery));
            if (delivery.body().equals("bad")) {
                throw new IllegalStateException("no paper");
            }
        });
        send(client, "bad");
        for (int i = 0; i < GOOD; i++) {
            send(client, "good");
        }
        spans("settle orders", GOOD + 1);
        await().atMost(SOON).untilAsserted(() -> {
            System.gc();
            assertThat(seen).hasSize(GOOD + 1).allMatch(reference -> reference.get() == null);
        });
    }
}
