package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.examples.registration.UserRegistration;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same programs on a real broker; only the URL differs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokerExamples extends ExamplesTck {
    private final BrokerKind kind;
    private @Nullable LocalBroker broker;

    BrokerExamples(BrokerKind kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start() {
        broker = LocalBrokers.start(kind);
    }

    @AfterAll
    void stop() {
        LocalBroker started = broker;
        if (started != null) {
            started.close();
        }
    }

    /** Subscriptions are durable: the fifth subscriber of the first run is there from the start in the second. */
    @Test
    void userRegistrationTwice() {
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
        ExampleProcess.succeed(folder, url(), UserRegistration.class);
    }

    @Override
    void nothingComesAgain(Queue queue) {
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (MessagingClient client = MessagingClient.connect(url())) {
            // of the same key, so that it comes after anything that was left
            client.producer(queue, String.class)
                    .send(Message.of("last").withKey("k"))
                    .join();
            client.consumer(queue, String.class).start(delivery -> bodies.add(delivery.body()));
            await().atMost(Duration.ofMinutes(1)).until(() -> bodies.contains("last"));
        }
        assertThat(bodies).containsExactly("last");
    }

    @Override
    String url() {
        return Objects.requireNonNull(broker, "started before all tests").url();
    }
}
