package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.Topic;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** docs/observability.md lists what is really emitted, and its Java is compiled and run. */
class ObservabilityPageTest extends OnTelemetry {
    private static String page() throws IOException {
        return Files.readString(
                Path.of("").toAbsolutePath().getParent().getParent().resolve("docs/observability.md"));
    }

    @Test
    void oneStatementPlugsItIn() {
        OpenTelemetry openTelemetry = sdk;
        MessagingClient client = AnymqTelemetry.create(openTelemetry)
                .addTo(MessagingClient.builder())
                .open();
        try (client) {
            client.producer(Queue.of("orders"), String.class).send("books").join();
        }
        span("orders publish");
    }

    @Test
    void everyMetricAndEveryAttributeIsListed() throws IOException {
        everything(client(telemetry -> telemetry.semanticConventions(SemanticConventions.BOTH)));
        Set<String> attributes = new TreeSet<>();
        for (SpanData span : spans.getFinishedSpanItems()) {
            span.getAttributes().forEach((key, value) -> attributes.add(key.getKey()));
        }
        String page = page();
        assertThat(attributes)
                .hasSize(16)
                .allSatisfy(attribute -> assertThat(page).contains("| `" + attribute + "` |"));
        Set<String> names = new TreeSet<>();
        for (MetricData metric : metrics.collectAllMetrics()) {
            if (metric.getInstrumentationScopeInfo().getName().equals("io.anymq")) {
                names.add(metric.getName());
                metric.getData()
                        .getPoints()
                        .forEach(point -> point.getAttributes()
                                .forEach((key, value) -> assertThat(page).contains("| `" + key.getKey() + "` |")));
            }
        }
        assertThat(names).hasSize(19).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    /** Each operation, each failure, each reason for a metric. */
    private void everything(MessagingClient client) {
        Queue orders = Queue.of("orders");
        AtomicBoolean repaired = new AtomicBoolean();
        client.consumer(orders, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .idempotency(IdempotencyPolicy.with(new InMemoryIdempotencyStore()))
                .start(delivery -> {
                    if (!repaired.get()) {
                        throw new IllegalStateException("no paper");
                    }
                });
        client.producer(orders, String.class)
                .send(Message.of("books").withId("m1"))
                .join();
        spans("settle orders", 1);
        repaired.set(true);
        RedriveOptions soon =
                RedriveOptions.builder().idle(Duration.ofMillis(200)).build();
        assertThat(client.redrive(Queue.of("orders-dead"), soon).join().redriven())
                .isEqualTo(1);
        spans("settle orders", 2);
        client.producer(orders, String.class)
                .send(Message.of("books").withId("m1"))
                .join();
        Topic signups = Topic.of("signups");
        client.consumer(signups.subscription("audit"), String.class)
                .deadLetter(DeadLetterPolicy.discard())
                .retry(RetryPolicy.never())
                .startBatch(2, deliveries -> {
                    throw new IllegalStateException("no paper");
                });
        client.producer(signups, String.class).send("ann").join();
        spans("settle signups", 1);
        Producer<String> producer = client.producer(orders, String.class);
        broker(client).stop();
        assertThat(producer.send("pens")).failsWithin(SOON);
        spans("send orders", 3);
    }
}
