package io.anymq.internal.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Health;
import io.anymq.internal.support.ForwardingStore;
import io.anymq.internal.support.OnManualBrokerInRealTime;
import io.anymq.internal.support.Sneaky;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An idempotency store that throws what it does not declare. */
class FailingStoreTest extends OnManualBrokerInRealTime {
    /** Fails the first time with an exception that it does not declare. */
    private static final class FailingStore extends ForwardingStore {
        private final AtomicInteger claims = new AtomicInteger();
        private final AtomicInteger completions = new AtomicInteger();

        FailingStore() {
            super(new InMemoryIdempotencyStore());
        }

        private static void failFirst(AtomicInteger calls) {
            if (calls.incrementAndGet() == 1) {
                throw Sneaky.thrown(new IOException("on purpose"));
            }
        }

        @Override
        public Claim claim(String scope, String key, long fingerprint, Duration lease) {
            failFirst(claims);
            return super.claim(scope, key, fingerprint, lease);
        }

        @Override
        public boolean complete(String scope, String key, long token, Duration retention) {
            failFirst(completions);
            return super.complete(scope, key, token, retention);
        }
    }

    @Test
    void aStoreThatThrowsACheckedExceptionIsAskedAgain() {
        open();
        FailingStore failing = new FailingStore();
        send("m1", "k");
        Consumer consumer = client.consumer(ORDERS, String.class)
                .idempotency(IdempotencyPolicy.with(failing))
                .start(delivery -> handled.add(delivery.id()));
        await().atMost(SOON).until(() -> broker.ids("queue orders").isEmpty() && consumer.inFlight() == 0);
        assertThat(handled).containsExactly("m1");
        assertThat(failing.claims).hasValue(2);
        assertThat(failing.completions).hasValue(2);
        assertThat(consumer.health().status()).isEqualTo(Health.Status.UP);
    }
}
