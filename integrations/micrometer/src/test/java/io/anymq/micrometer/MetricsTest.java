package io.anymq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.Consumer;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each meter in docs/observability.md, in a real registry. */
class MetricsTest extends OnEmbeddedBroker {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private MessagingClient client() {
        return opened(AnymqMetrics.of(registry).addTo(builder()));
    }

    /** The values of a meter by its tags: a count, or what a gauge says. */
    private Map<String, Double> values(AnymqMeterDocumentation meter) {
        return registry.getMeters().stream()
                .filter(found -> found.getId().getName().equals(meter.getName()))
                .collect(Collectors.<Meter, String, Double>toMap(
                        found -> found.getId().getTags().stream()
                                .map(tag -> tag.getKey() + "=" + tag.getValue())
                                .collect(Collectors.joining(" ")),
                        found -> found instanceof Timer timer
                                ? (double) timer.count()
                                : found.measure().iterator().next().getValue()));
    }

    private void shows(AnymqMeterDocumentation meter, Map<String, Double> expected) {
        eventually(() -> assertThat(values(meter)).containsExactlyInAnyOrderEntriesOf(expected));
    }

    @Test
    void sendsAndAttemptsAreTimedByTheirOutcome() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.fixed(2, Duration.ofMillis(1)))
                .start(delivery -> {
                    if (delivery.attempt() == 1) {
                        throw new IllegalStateException("no paper");
                    }
                });
        Producer<String> producer = client.producer(ORDERS, String.class);
        producer.send("books").join();
        shows(AnymqMeterDocumentation.SETTLED, Map.of("source=orders", 1.0));
        shows(AnymqMeterDocumentation.RETRIES, Map.of("source=orders", 1.0));
        shows(
                AnymqMeterDocumentation.ATTEMPT,
                Map.of(
                        "error=IllegalStateException outcome=failure source=orders", 1.0,
                        "error=none outcome=success source=orders", 1.0));
        broker(client).stop();
        assertThat(producer.send("pens")).failsWithin(SOON);
        shows(
                AnymqMeterDocumentation.SEND,
                Map.of(
                        "destination=orders error=none outcome=confirmed", 1.0,
                        "destination=orders error=UNAVAILABLE outcome=rejected", 1.0));
    }

    @Test
    void deadLettersAreCountedByReasonAndRedrivesByQueue() {
        MessagingClient client = client();
        Consumer consumer = client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.builder()
                        .maxAttempts(2)
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
        producer.send("books").join();
        producer.send(Message.of("bad").withKey("acme")).join();
        eventually(() -> assertThat(consumer.parkedKeys()).contains("acme"));
        producer.send(Message.of("pens").withKey("acme")).join();
        shows(
                AnymqMeterDocumentation.DEAD_LETTERS,
                Map.of(
                        "queue=orders-dead reason=PERMANENT source=orders", 1.0,
                        "queue=orders-dead reason=MAX_ATTEMPTS source=orders", 1.0,
                        "queue=orders-dead reason=KEY_PARKED source=orders", 1.0));
        shows(AnymqMeterDocumentation.PARKED_KEYS, Map.of("source=orders", 1.0));
        assertThat(redrive(client, 3)).isEqualTo(3);
        shows(AnymqMeterDocumentation.REDRIVEN, Map.of("queue=orders-dead source=orders", 3.0));
    }

    @Test
    void discardsAndDuplicatesAreCountedApart() {
        MessagingClient client = client();
        client.consumer(ORDERS, String.class)
                .retry(RetryPolicy.never())
                .deadLetter(DeadLetterPolicy.discard())
                .start(delivery -> {
                    throw new IllegalStateException("no paper");
                });
        client.consumer(INVOICES, String.class)
                .idempotency(IdempotencyPolicy.with(new InMemoryIdempotencyStore()))
                .start(delivery -> {});
        send(client, "books");
        Producer<String> invoices = client.producer(INVOICES, String.class);
        invoices.send(Message.of("one").withId("i1").withKey("k")).join();
        invoices.send(Message.of("one").withId("i1").withKey("k")).join();
        shows(AnymqMeterDocumentation.DISCARDED, Map.of("reason=MAX_ATTEMPTS source=orders", 1.0));
        shows(AnymqMeterDocumentation.DUPLICATES, Map.of("source=invoices", 1.0));
        assertThat(values(AnymqMeterDocumentation.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void gaugesShowWhatConsumersHoldAndHowFarTheyAreBehind() {
        MessagingClient client = client();
        CountDownLatch gate = new CountDownLatch(1);
        Consumer consumer = client.consumer(ORDERS, String.class).start(delivery -> {
            if (delivery.key() == null) {
                gate.await();
            } else if (delivery.body().equals("books") && gate.getCount() > 0) {
                throw new IllegalStateException("no paper");
            }
        });
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 2.0));
        shows(AnymqMeterDocumentation.BACKLOG_AGE, Map.of("source=orders", 0.0));
        Producer<String> producer = client.producer(ORDERS, String.class);
        producer.send("slow").join();
        producer.send(Message.of("books").withKey("acme")).join();
        producer.send(Message.of("pens").withKey("acme")).join();
        shows(AnymqMeterDocumentation.BLOCKED, Map.of("source=orders", 1.0));
        shows(AnymqMeterDocumentation.IN_FLIGHT, Map.of("source=orders", 3.0));
        eventually(() -> assertThat(values(AnymqMeterDocumentation.WINDOW))
                .isEqualTo(Map.of("source=orders", (double) consumer.window())));
        eventually(() -> assertThat(values(AnymqMeterDocumentation.BACKLOG_AGE).get("source=orders"))
                .isPositive());
        consumer.pause();
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 1.0));
        consumer.resume();
        gate.countDown();
        shows(AnymqMeterDocumentation.IN_FLIGHT, Map.of("source=orders", 0.0));
        shows(AnymqMeterDocumentation.BACKLOG_AGE, Map.of("source=orders", 0.0));
        consumer.close();
        shows(AnymqMeterDocumentation.HEALTH, Map.of());
        shows(AnymqMeterDocumentation.IN_FLIGHT, Map.of());
    }

    @Test
    void twoConsumersOfASourceAreOneGauge() {
        MessagingClient client = client();
        Consumer first = client.consumer(ORDERS, String.class).start(delivery -> {});
        Consumer second = client.consumer(ORDERS, String.class).start(delivery -> {});
        eventually(() -> assertThat(values(AnymqMeterDocumentation.WINDOW))
                .isEqualTo(Map.of("source=orders", (double) (first.window() + second.window()))));
        first.pause();
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 1.0));
        first.close();
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 2.0));
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
        send(client, "books");
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 0.0));
        client.consumer(ORDERS, String.class).start(delivery -> {});
        shows(AnymqMeterDocumentation.HEALTH, Map.of("source=orders", 2.0));
    }

    @Test
    void aKeyThatIsBlockedAfterAFailedSendIsCountedUntilItIsResumed() {
        MessagingClient client = client();
        Producer<String> producer = client.producer(ORDERS, String.class);
        broker(client).stop();
        assertThat(producer.send(Message.of("books").withKey("acme"))).failsWithin(SOON);
        shows(AnymqMeterDocumentation.BLOCKED_KEYS, Map.of("destination=orders", 1.0));
        shows(AnymqMeterDocumentation.PRODUCER_IN_FLIGHT, Map.of("destination=orders", 0.0));
        producer.resumeKey("acme");
        shows(AnymqMeterDocumentation.BLOCKED_KEYS, Map.of("destination=orders", 0.0));
        assertThat(producer.send(Message.of("books").withKey("acme"))).failsWithin(SOON);
        shows(AnymqMeterDocumentation.BLOCKED_KEYS, Map.of("destination=orders", 1.0));
        producer.close();
        shows(AnymqMeterDocumentation.BLOCKED_KEYS, Map.of("destination=orders", 0.0));
    }

    @Test
    void namesBeyondTheLimitAreOther() {
        MessagingClient client =
                opened(AnymqMetrics.builder(registry).maxNames(2).build().addTo(builder()));
        for (String name : List.of("a", "b", "c", "d", "a")) {
            client.producer(Queue.of(name), String.class).send("books").join();
            client.consumer(Queue.of(name), String.class).start(delivery -> {});
        }
        shows(
                AnymqMeterDocumentation.SEND,
                Map.of(
                        "destination=a error=none outcome=confirmed", 2.0,
                        "destination=b error=none outcome=confirmed", 1.0,
                        "destination=other error=none outcome=confirmed", 2.0));
        shows(AnymqMeterDocumentation.SETTLED, Map.of("source=a", 2.0, "source=b", 1.0, "source=other", 2.0));
        assertThat(values(AnymqMeterDocumentation.HEALTH)).hasSize(3);
        assertThatThrownBy(() -> AnymqMetrics.builder(registry).maxNames(10_001).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxNames must be between 1 and 10,000, but was 10001");
    }

    @Test
    void everyMeterHasTheTypeAndTheTagsThatAreDocumented() {
        MessagingClient client = opened(AnymqMetrics.builder(registry)
                .tags(List.of(Tag.of("client", "shop")))
                .build()
                .addTo(builder()));
        client.consumer(ORDERS, String.class).start(delivery -> {});
        send(client, "books");
        shows(AnymqMeterDocumentation.SETTLED, Map.of("client=shop source=orders", 1.0));
        for (Meter meter : registry.getMeters()) {
            AnymqMeterDocumentation documented = Arrays.stream(AnymqMeterDocumentation.values())
                    .filter(one -> one.getName().equals(meter.getId().getName()))
                    .findFirst()
                    .orElseThrow();
            assertThat(meter.getId().getType()).isEqualTo(documented.getType());
            assertThat(meter.getId().getDescription()).isNotBlank();
            assertThat(meter.getId().getTags().stream().map(Tag::getKey).filter(key -> !key.equals("client")))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(documented.getKeyNames())
                            .map(io.micrometer.common.docs.KeyName::asString)
                            .toList());
        }
    }
}
