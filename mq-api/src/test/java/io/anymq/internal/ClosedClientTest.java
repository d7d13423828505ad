package io.anymq.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.SendException;
import io.anymq.internal.support.OnManualBroker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** One close ends all that a client has made, and says so to whatever is used afterwards. */
class ClosedClientTest extends OnManualBroker {
    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.CLOSED));
    }

    private static void refusedSend(CompletableFuture<?> send) {
        assertThatThrownBy(send::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(SendException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.CLOSED);
                    assertThat(error.outcome()).isEqualTo(SendException.Outcome.REJECTED);
                });
    }

    @Test
    void allThatItMadeIsClosedWithIt() {
        MessagingClient client = client();
        Consumer consumer = consumer(ORDERS).start(this::note);
        Producer<String> producer = client.producer(ORDERS, String.class);
        put("k", "m1");
        settledAll(consumer);
        client.close();
        assertThat(consumer.whenClosed()).isCompleted();
        assertThat(consumer.health().status()).isEqualTo(Health.Status.DOWN);
        refusedSend(producer.send("late"));
        assertThat(broker.openSenders).hasValue(0);
        assertThat(broker.closed).isTrue();
        put("k", "m2");
        assertThat(handled).containsExactly("m1#1");
        assertThat(broker.ids(AT_ORDERS)).containsExactly("m2");
    }

    @Test
    void whatIsUsedAfterwardsIsRefusedAsClosed() {
        MessagingClient client = client();
        client.close();
        client.close();
        refused(() -> client.producer(ORDERS, String.class));
        refused(() -> client.consumer(ORDERS, String.class).start(delivery -> {}));
        refused(() -> client.provision(ORDERS));
        CompletableFuture<?> redrive = CompletableFuture.completedFuture(null)
                .thenCompose(nothing -> client.redrive(Queue.of("orders-dead"), RedriveOptions.DEFAULT));
        assertThatThrownBy(redrive::join)
                .cause()
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.CLOSED));
        assertThat(client.health(Duration.ofSeconds(1)).status()).isEqualTo(Health.Status.DOWN);
        assertThat(broker.provisions).isEmpty();
    }

    @Test
    void aProducerIsClosedAloneAndOnceMoreWithoutEffect() {
        Producer<String> one = client().producer(ORDERS, String.class);
        Producer<String> other = client().producer(ORDERS, String.class);
        one.close();
        one.close();
        refusedSend(one.send("late"));
        other.send("in time").join();
        assertThat(broker.ids(AT_ORDERS)).hasSize(1);
    }
}
