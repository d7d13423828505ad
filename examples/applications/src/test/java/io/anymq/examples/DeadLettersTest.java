package io.anymq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.DeadLetter;
import io.anymq.DeadLetterSummary;
import io.anymq.DeadLetters;
import io.anymq.LetterFilter;
import io.anymq.LetterTask;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.policy.RetryPolicy;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/dead-letters.md shows. */
class DeadLettersTest {
    private static final Queue ORDERS = Queue.of("orders");

    private final MessagingClient client = MessagingClient.connect("inmemory:");
    private final InMemoryBroker broker = client.unwrap(InMemoryBroker.class).orElseThrow();
    private final List<String> printed = new CopyOnWriteArrayList<>();

    private void print(String line) {
        printed.add(line);
    }

    /** Two orders that met a closed port, and one that is wrong. */
    @BeforeEach
    void fail() {
        try (Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .start(delivery -> {
                    if (delivery.body().isEmpty()) {
                        throw new IllegalArgumentException("an order without lines");
                    }
                    throw new ConnectException("address service");
                })) {
            for (String id : List.of("order-1", "order-2", "order-7")) {
                Message<String> order = Message.of(id.equals("order-7") ? "" : "books");
                client.producer(ORDERS, String.class)
                        .send(order.withId(id).withKey("acme"))
                        .join();
            }
            await().until(() -> broker.browse("orders-dead").size() == 3 && consumer.inFlight() == 0);
        }
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void look() {
        DeadLetters letters = client.deadLetters(Queue.of("orders-dead"));
        DeadLetterSummary summary = letters.summary(LetterFilter.ALL);
        summary.byFingerprint().forEach((failure, count) -> print(count + " " + failure));
        LetterFilter refused = LetterFilter.builder()
                .source(Queue.of("orders"))
                .exception("ConnectException")
                .build();
        try (Stream<DeadLetter> found = letters.browse(refused)) {
            found.limit(20).forEach(letter -> print(letter.id() + " of " + letter.key()));
        }

        assertThat(printed)
                .containsExactly(
                        "2 java.net.ConnectException at io.anymq.examples.DeadLettersTest.fail",
                        "1 java.lang.IllegalArgumentException at io.anymq.examples.DeadLettersTest.fail",
                        "order-1 of acme",
                        "order-2 of acme");
    }

    @Test
    void redrive() {
        DeadLetters letters = client.deadLetters(Queue.of("orders-dead"));
        LetterFilter refused =
                LetterFilter.builder().exception("ConnectException").build();
        RedriveOptions options = RedriveOptions.builder()
                .filter(refused)
                .maxMessages(2)
                .rate(50)
                .by("amina", "OPS-17: the address service is back")
                .build();
        RedriveReport foretold = letters.redrive(
                        options.toBuilder().dryRun(true).build())
                .report()
                .join();
        print(foretold.redriven() + " would go back");

        LetterTask task = letters.redrive(options);
        print(task.progress().redriven() + " are back so far");
        RedriveReport report = task.report().join();
        print(report.redriven() + " are back");

        assertThat(printed).contains("2 would go back", "2 are back");
        assertThat(broker.browse("orders")).hasSize(2);
    }

    @Test
    void repair() {
        DeadLetters letters = client.deadLetters(Queue.of("orders-dead"));
        letters.redrive(RedriveOptions.builder()
                        .filter(LetterFilter.ids("order-7"))
                        .maxMessages(1)
                        .edit(message -> Message.of("pens".getBytes(UTF_8)).withKey("acme"))
                        .by("amina", "OPS-18: lines added by hand")
                        .build())
                .report()
                .join();

        assertThat(broker.browse("orders")).singleElement().satisfies(stored -> {
            assertThat(stored.body()).asString(UTF_8).isEqualTo("pens");
            assertThat(stored.headers()).containsEntry("mq-edited-from", "order-7");
        });
    }

    @Test
    void discard() {
        DeadLetters letters = client.deadLetters(Queue.of("orders-dead"));
        letters.discard(RedriveOptions.builder()
                        .filter(LetterFilter.ids("order-7"))
                        .maxMessages(1)
                        .by("amina", "OPS-18: the customer has ordered again")
                        .build())
                .report()
                .join();

        assertThat(broker.browse("orders-dead")).hasSize(2);
    }
}
