package io.anymq.micrometer;

import static org.awaitility.Awaitility.await;

import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.inmemory.broker.InMemoryBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Clients on an embedded broker that all clients of a test share. */
@Timeout(60)
abstract class OnEmbeddedBroker {
    static final Duration SOON = Duration.ofSeconds(15);
    static final Queue ORDERS = Queue.of("orders");
    static final Queue INVOICES = Queue.of("invoices");
    static final Queue DEAD = Queue.of("orders-dead");

    private final List<MessagingClient> clients = new ArrayList<>();

    final MessagingClient.Builder builder() {
        return MessagingClient.builder()
                .url("inmemory:" + getClass().getSimpleName() + "-" + System.identityHashCode(this));
    }

    final MessagingClient opened(MessagingClient.Builder builder) {
        MessagingClient client = builder.open();
        clients.add(client);
        return client;
    }

    @AfterEach
    final void closeClients() {
        clients.forEach(MessagingClient::close);
    }

    static InMemoryBroker broker(MessagingClient client) {
        return client.unwrap(InMemoryBroker.class).orElseThrow();
    }

    static void send(MessagingClient client, String... bodies) {
        for (String body : bodies) {
            client.producer(ORDERS, String.class).send(body).join();
        }
    }

    static int redrive(MessagingClient client, int letters) {
        await().atMost(SOON).until(() -> broker(client).browse("orders-dead").size() == letters);
        RedriveOptions soon =
                RedriveOptions.builder().idle(Duration.ofMillis(200)).build();
        return client.redrive(DEAD, soon).join().redriven();
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(SOON).untilAsserted(assertion);
    }
}
