package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.VirtualTime;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of docs/testing.md, run. {@link DocumentsTest} sees to it that the two are the same. */
class TestingTest {
    private final Queue orders = Queue.of("orders").unordered();
    private final Queue invoices = Queue.of("invoices").unordered();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final MessagingClient client = MessagingClient.connect("inmemory:");
    private final InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theWorkIsDone() {
        client.consumer(orders, String.class)
                .start(delivery -> delivery.publish(invoices, "invoice for " + delivery.body()));
        client.consumer(invoices, String.class).start(delivery -> sent.add(delivery.body()));

        client.producer(orders, String.class).send("books").join();
        broker.awaitIdle(Duration.ofSeconds(10));

        assertThat(sent).containsExactly("invoice for books");
    }

    @Test
    void whatIsStored() {
        client.producer(orders, String.class)
                .send(Message.of("books").withKey("acme").withHeader("tenant", "eu"))
                .join();

        assertThat(broker.browse("orders")).singleElement().satisfies(stored -> {
            assertThat(stored.key()).isEqualTo("acme");
            assertThat(stored.headers()).containsEntry("tenant", "eu");
        });
        assertThat(broker.metrics("orders").orElseThrow().ready()).isEqualTo(1);
    }

    @Test
    void hoursOfRetries() {
        VirtualTime time = new VirtualTime();
        try (MessagingClient client =
                MessagingClient.builder().url("inmemory:").timeSource(time).open()) {
            InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
            client.consumer(orders, String.class)
                    .retry(RetryPolicy.fixed(3, Duration.ofHours(1)))
                    .start(delivery -> {
                        sent.add("attempt " + delivery.attempt());
                        throw new IllegalStateException("the printer is out of paper");
                    });
            client.producer(orders, String.class).send("books").join();

            await().until(() -> {
                time.advance(Duration.ofMinutes(10));
                return !broker.browse("orders-dead").isEmpty();
            });
            assertThat(sent).containsExactly("attempt 1", "attempt 2", "attempt 3");
        }
    }

    @Test
    void theBrokerGoesAway() {
        Producer<String> producer = client.producer(orders, String.class);
        client.consumer(orders, String.class).start(delivery -> sent.add(delivery.body()));

        broker.stop();
        CompletableFuture<Receipt> refused = producer.send("books");
        assertThat(refused).failsWithin(Duration.ofSeconds(10));

        broker.start();
        producer.send("pens").join();
        await().untilAsserted(() -> assertThat(sent).containsExactly("pens"));
    }
}
