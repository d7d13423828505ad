package io.anymq.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.RedriveOptions;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.RetryPolicy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each metric in docs/observability.md, collected by a real SDK. */
class MetricsTest extends OnTelemetry {
    private static final Queue ORDERS = Queue.of("orders");
    private static final Queue DEAD = Queue.of("orders-dead");

    private Collection<? extends PointData> points(String name) {
        List<MetricData> found = metrics.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .toList();
        return found.isEmpty() ? List.of() : found.get(0).getData().getPoints();
    }

    /** The values of a counter or a gauge by their attributes, without the system. */
    private Map<String, Double> values(String name) {
        return points(name).stream()
                .collect(Collectors.toMap(point -> text(point.getAttributes()), MetricsTest::value));
    }

    private static double value(PointData point) {
        return point instanceof io.opentelemetry.sdk.metrics.data.LongPointData number
                ? number.getValue()
                : ((io.opentelemetry.sdk.metrics.data.DoublePointData) point).getValue();
    }

    private static String text(Attributes attributes) {
        Map<String, Object> sorted = new TreeMap<>();
        attributes.forEach((key, value) -> sorted.put(key.getKey(), value));
        assertThat(sorted.remove("messaging.system")).isEqualTo("inmemory");
        return sorted.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    private void eventually(String metric, Map<String, Double> expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(values(metric)).containsExactlyInAnyOrderEntriesOf(expected));
    }

    @Test
    void aStormOfFailuresIsCountedByReason() {
        MessagingClient client = client();
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .initialDelay(Duration.ofMillis(1))
                        .permanentOn(IllegalArgumentException.class)
                        .build())
                .deadLetter(DeadLetterPolicy.builder()
                        .then(DeadLetterPolicy.Then.PARK_KEY)
                        .build())
                .start(delivery -> {
                    if (delivery.body().equals("bad")) {
                        throw new IllegalArgumentException("bad");
                    }
                    throw new IllegalStateException("no paper");
                });
        Producer<String> producer = client.producer(ORDERS, String.class);
        producer.send("bad").join();
        producer.send("books").join();
        producer.send(Message.of("bad").withKey("acme")).join();
        await().atMost(SOON).until(() -> consumer.parkedKeys().contains("acme"));
        producer.send(Message.of("pens").withKey("acme")).join();
        eventually("anymq.settled", Map.of("anymq.source=orders", 4.0));
        eventually("anymq.retries", Map.of("anymq.source=orders", 2.0));
        String letter = "anymq.dead_letter.queue=orders-dead anymq.dead_letter.reason=%s anymq.source=orders";
        eventually(
                "anymq.dead_letters",
                Map.of(
                        letter.formatted("PERMANENT"), 2.0,
                        letter.formatted("MAX_ATTEMPTS"), 1.0,
                        letter.formatted("KEY_PARKED"), 1.0));
        eventually("anymq.consumer.parked_keys", Map.of("anymq.source=orders", 1.0));
        assertThat(points("messaging.process.duration"))
                .extracting(point -> point.getAttributes().get(AttributeKey.stringKey("error.type")))
                .containsExactlyInAnyOrder("java.lang.IllegalArgumentException", "java.lang.IllegalStateException");
        assertThat(client.redrive(
                                DEAD,
                                RedriveOptions.builder()
                                        .idle(Duration.ofMillis(200))
                                        .build())
                        .join()
                        .redriven())
                .isEqualTo(4);
        eventually("anymq.redriven", Map.of("anymq.dead_letter.queue=orders-dead anymq.source=orders", 4.0));
    }

    @Test
    void durationsHaveTheBucketsOfTheConventions() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class).start(delivery -> {});
        client.producer(ORDERS, String.class).send("books").join();
        span("settle orders");
        for (String name : List.of("messaging.client.operation.duration", "messaging.process.duration")) {
            assertThat(points(name)).singleElement().satisfies(point -> {
                HistogramPointData histogram = (HistogramPointData) point;
                assertThat(histogram.getCount()).isEqualTo(1);
                assertThat(histogram.getBoundaries())
                        .containsExactly(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1d, 2.5, 5d, 7.5, 10d);
            });
        }
        assertThat(values("messaging.client.consumed.messages").values()).containsExactly(1.0);
        assertThat(values("messaging.client.sent.messages").values()).containsExactly(1.0);
    }

    @Test
    void discardsAreCountedApart() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        client.producer(ORDERS, String.class).send("books").join();
        eventually("anymq.discarded", Map.of("anymq.dead_letter.reason=MAX_ATTEMPTS anymq.source=orders", 1.0));
        assertThat(values("anymq.dead_letters")).isEmpty();
    }

    @Test
    void gaugesShowWhatConsumersHoldAndHowFarTheyAreBehind() throws Exception {
        MessagingClient client = client();
        CountDownLatch gate = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class).start(delivery -> {
            if (delivery.key() == null) {
                gate.await();
            } else if (delivery.body().equals("books") && gate.getCount() > 0) {
                throw new IllegalStateException("no paper");
            }
        });
        String orders = "anymq.source=orders";
        eventually("anymq.consumer.health", Map.of(orders, 2.0));
        assertThat(values("anymq.consumer.backlog.age")).isEqualTo(Map.of(orders, 0.0));
        Producer<String> producer = client.producer(ORDERS, String.class);
        producer.send("slow").join();
        producer.send(Message.of("books").withKey("acme")).join();
        producer.send(Message.of("pens").withKey("acme")).join();
        eventually("anymq.consumer.blocked", Map.of(orders, 1.0));
        eventually("anymq.consumer.in_flight", Map.of(orders, 3.0));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(values("anymq.consumer.window"))
                        .isEqualTo(Map.of(orders, (double) consumer.window())));
        await().atMost(SOON).until(() -> values("anymq.consumer.backlog.age").get(orders) > 0);
        consumer.pause();
        eventually("anymq.consumer.health", Map.of(orders, 1.0));
        consumer.resume();
        gate.countDown();
        eventually("anymq.consumer.in_flight", Map.of(orders, 0.0));
        assertThat(values("anymq.consumer.backlog.age")).isEqualTo(Map.of(orders, 0.0));
        consumer.close();
        eventually("anymq.consumer.health", Map.of());
    }

    @Test
    void aConsumerThatWasStoppedByAFailureIsDownUntilAnotherOneStarts() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.stop())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        client.producer(ORDERS, String.class).send("books").join();
        eventually("anymq.consumer.health", Map.of("anymq.source=orders", 0.0));
        client.consumer(ORDERS, String.class).start(delivery -> {});
        eventually("anymq.consumer.health", Map.of("anymq.source=orders", 2.0));
    }

    @Test
    void aKeyThatIsBlockedAfterAFailedSendIsCountedUntilItIsResumed() {
        MessagingClient client = client();
        Producer<String> producer = client.producer(ORDERS, String.class);
        Producer<String> other = client.producer(ORDERS, String.class);
        broker(client).stop();
        assertThat(producer.send(Message.of("books").withKey("acme"))).failsWithin(SOON);
        assertThat(other.send(Message.of("pens").withKey("zeta"))).failsWithin(SOON);
        String orders = "messaging.destination.name=orders";
        eventually("anymq.producer.blocked_keys", Map.of(orders, 2.0));
        producer.resume();
        eventually("anymq.producer.blocked_keys", Map.of(orders, 1.0));
        other.close();
        eventually("anymq.producer.blocked_keys", Map.of(orders, 0.0));
        broker(client).start();
    }

    @Test
    void namesBeyondTheLimitAreOther() {
        MessagingClient client = client(telemetry -> telemetry.maxNames(2));
        for (String name : List.of("a", "b", "c", "d", "a")) {
            client.producer(Queue.of(name), String.class).send("books").join();
        }
        assertThat(points("messaging.publish.duration"))
                .extracting(point -> point.getAttributes().get(AttributeKey.stringKey("messaging.destination.name")))
                .containsExactlyInAnyOrder("a", "b", "other");
        assertThat(values("anymq.producer.in_flight").keySet()).hasSize(3);
        assertThatThrownBy(() -> AnymqTelemetry.builder(sdk).maxNames(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxNames must be between 1 and 10,000, but was 0");
    }

    @Test
    void metricsCanBeLeftOut() {
        MessagingClient client = client(telemetry -> telemetry.metrics(false));
        client.producer(ORDERS, String.class).send("books").join();
        span("orders publish");
        assertThat(metrics.collectAllMetrics())
                .filteredOn(
                        metric -> metric.getInstrumentationScopeInfo().getName().equals("io.anymq"))
                .isEmpty();
    }
}
