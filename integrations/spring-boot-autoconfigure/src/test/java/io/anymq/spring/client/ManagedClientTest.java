package io.anymq.spring.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.Health.Status;
import io.anymq.MessagingClient;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.jackson3.Jackson3Codec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A client goes on whatever is thrown while it connects: customizers belong to the application. */
class ManagedClientTest {
    /** Throws {@code failure} as it is when the client tries for the second time. */
    private static Supplier<MessagingClient.Builder> failingOnce(String broker, Throwable failure) {
        AtomicInteger calls = new AtomicInteger();
        return () -> {
            if (calls.incrementAndGet() == 2) {
                ManagedClientTest.<RuntimeException>sneak(failure);
            }
            return MessagingClient.builder().url("inmemory:" + broker).codec(new Jackson3Codec());
        };
    }

    @SuppressWarnings("unchecked") // the way around the compiler's check
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void whateverIsThrownItTriesAgain() {
        InMemoryBroker broker = InMemoryBroker.named("thrown");
        broker.stop();
        ManagedClient checked = ManagedClient.open(failingOnce("thrown", new IOException("no such secret")));
        ManagedClient error =
                ManagedClient.open(failingOnce("thrown", new LinkageError("a library that does not fit")));
        try (checked;
                error) {
            await().until(() -> checked.health(Duration.ofSeconds(1)).detail().contains("no such secret"));
            await().until(() -> error.health(Duration.ofSeconds(1)).detail().contains("that does not fit"));
            broker.start();
            for (ManagedClient client : List.of(checked, error)) {
                await().until(() -> client.connected().isPresent());
                assertThat(client.health(Duration.ofSeconds(2)).status()).isEqualTo(Status.UP);
            }
        }
        broker.shutdown();
    }

    @Test
    void whatTryingAgainCannotCureFailsAtOnce() {
        assertThatThrownBy(() -> ManagedClient.open(() -> {
                    ManagedClientTest.<RuntimeException>sneak(new IOException("no such secret"));
                    return MessagingClient.builder();
                }))
                .isInstanceOf(IOException.class);
    }
}
