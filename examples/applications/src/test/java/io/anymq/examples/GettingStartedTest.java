package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.anymq.Consumer;
import io.anymq.DeadLetterReason;
import io.anymq.Delivery;
import io.anymq.Health;
import io.anymq.Interceptor;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Producer;
import io.anymq.Queue;
import io.anymq.Receipt;
import io.anymq.RedriveOptions;
import io.anymq.RedriveReport;
import io.anymq.SendException;
import io.anymq.Topic;
import io.anymq.TypeRef;
import io.anymq.inmemory.broker.InMemoryBroker;
import io.anymq.json.JsonCodec;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.FlowControl;
import io.anymq.policy.IdempotencyPolicy;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.RetryPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The code of docs/getting-started.md, run. {@link DocumentsTest} sees to it that the two are the same. */
class GettingStartedTest {
    record Order(String id, String customer, BigDecimal total) {}

    static final class BadOrderException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Order order = new Order("o-1", "acme", new BigDecimal("9.90"));
    private final List<Order> shipped = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final MessagingClient client = MessagingClient.connect("inmemory:");

    private void ship(Order order) {
        shipped.add(order);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void queue() {
        Queue orders = Queue.of("orders");
        client.consumer(orders, Order.class).start(delivery -> ship(delivery.body()));

        Producer<Order> producer = client.producer(orders, Order.class);
        producer.send(Message.of(order).withKey(order.customer()).withHeader("tenant", "acme"))
                .join();

        await().untilAsserted(() -> assertThat(shipped).containsExactly(order));
    }

    @Test
    void topic() {
        Topic placed = Topic.of("order-placed");
        client.consumer(placed.subscription("shipping"), Order.class).start(delivery -> ship(delivery.body()));
        client.consumer(placed.subscription("audit"), Order.class).start(this::audit);
        client.producer(placed, Order.class).send(order).join();

        await().untilAsserted(() -> {
            assertThat(shipped).containsExactly(order);
            assertThat(events).containsExactly("audit o-1");
        });
    }

    private void audit(Delivery<Order> delivery) {
        events.add("audit " + delivery.body().id());
    }

    @Test
    void sendFailure() {
        Producer<Order> producer = client.producer(Queue.of("orders"), Order.class);
        producer.close();
        CompletableFuture<Receipt> sent = producer.send(order).whenComplete((receipt, failure) -> {
            if (failure instanceof SendException send) {
                switch (send.outcome()) {
                    case REJECTED -> events.add("not stored: " + send.code());
                    case UNKNOWN -> events.add("perhaps stored; send again with id " + send.messageId());
                }
            }
        });

        await().until(sent::isDone);
        assertThat(events).containsExactly("not stored: CLOSED");
    }

    @Test
    void retryAndDeadLetter() {
        Queue orders = Queue.of("orders");
        RetryPolicy retry = RetryPolicy.builder()
                .maxAttempts(3)
                .initialDelay(Duration.ofMillis(50))
                .permanentOn(BadOrderException.class)
                .build();
        client.consumer(orders, Order.class)
                .retry(retry)
                .deadLetter(DeadLetterPolicy.builder()
                        .queue("orders-dead")
                        .then(DeadLetterPolicy.Then.PARK_KEY)
                        .build())
                .start(this::check);
        client.producer(orders, Order.class).send(order).join();

        CompletableFuture<DeadLetterReason> reason = new CompletableFuture<>();
        client.consumer(Queue.of("orders-dead"), Order.class)
                .start(dead -> dead.deadLetter().ifPresent(info -> reason.complete(info.reason())));
        assertThat(reason.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(DeadLetterReason.PERMANENT);
    }

    private void check(Delivery<Order> delivery) throws BadOrderException {
        throw new BadOrderException();
    }

    @Test
    void redrive() {
        Queue orders = Queue.of("orders");
        AtomicBoolean mended = new AtomicBoolean();
        client.consumer(orders, Order.class).retry(RetryPolicy.never()).start(delivery -> {
            if (!mended.get()) {
                events.add("failed");
                throw new IllegalStateException("not mended yet");
            }
            ship(delivery.body());
        });
        client.producer(orders, Order.class).send(order).join();
        await().untilAsserted(() -> assertThat(events).containsExactly("failed"));
        mended.set(true);

        await().untilAsserted(() -> {
            RedriveReport report = client.redrive(Queue.of("orders-dead"), RedriveOptions.DEFAULT)
                    .join();
            assertThat(report.redriven()).isEqualTo(1);
        });
        await().untilAsserted(() -> assertThat(shipped).containsExactly(order));
    }

    @Test
    void idempotency() {
        Queue orders = Queue.of("orders");
        IdempotencyPolicy once = IdempotencyPolicy.with(new InMemoryIdempotencyStore());
        client.consumer(orders, Order.class)
                .idempotency(once, delivery -> delivery.body().id())
                .start(delivery -> ship(delivery.body()));
        Producer<Order> producer = client.producer(orders, Order.class);
        producer.send(order).join();
        producer.send(order).join();
        producer.send(new Order("o-2", "acme", BigDecimal.ONE)).join();

        await().untilAsserted(() -> assertThat(shipped).extracting(Order::id).containsExactlyInAnyOrder("o-1", "o-2"));
    }

    @Test
    void flow() {
        Queue orders = Queue.of("orders").unordered();
        client.consumer(orders, Order.class)
                .concurrency(4)
                .flow(FlowControl.builder().maxInFlight(100).maxPerSecond(50).build())
                .start(delivery -> ship(delivery.body()));
        client.producer(orders, Order.class)
                .send(Message.of(order).withDelay(Duration.ofMillis(100)))
                .join();

        await().untilAsserted(() -> assertThat(shipped).containsExactly(order));
    }

    @Test
    void chaining() {
        Queue orders = Queue.of("orders");
        Queue invoices = Queue.of("invoices");
        client.consumer(orders, Order.class).start(delivery -> {
            ship(delivery.body());
            delivery.publish(
                    invoices,
                    Message.of(delivery.body()).withKey(delivery.body().customer()));
        });
        client.consumer(invoices, Order.class)
                .start(delivery -> events.add("invoice " + delivery.body().id()));
        client.producer(orders, Order.class).send(order).join();

        await().untilAsserted(() -> assertThat(events).containsExactly("invoice o-1"));
    }

    @Test
    void typeWithArguments() {
        Queue batches = Queue.of("batches");
        TypeRef<List<Order>> list = new TypeRef<>() {};
        client.consumer(batches, list).start(delivery -> delivery.body().forEach(this::ship));
        client.producer(batches, list).send(List.of(order)).join();

        await().untilAsserted(() -> assertThat(shipped).containsExactly(order));
    }

    @Test
    void codec() {
        JsonMapper mapper = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        MessagingClient client =
                MessagingClient.builder().codec(JsonCodec.of(mapper)).open();
        client.close();
    }

    @Test
    void interceptor() {
        MessagingClient.Builder builder = MessagingClient.builder().interceptor(new Interceptor() {
            @Override
            public CompletionStage<?> aroundHandle(HandlerContext context, HandlerChain next) throws Exception {
                MDC.put("message", context.deliveries().get(0).id());
                try {
                    return next.handle(); // an exception here or later fails the attempt
                } finally {
                    MDC.remove("message");
                }
            }
        });
        List<String> handled = new CopyOnWriteArrayList<>();
        try (MessagingClient client = builder.url("inmemory:").open()) {
            client.consumer(Queue.of("orders"), Order.class).start(delivery -> handled.add(delivery.id()));
            client.producer(Queue.of("orders"), Order.class).send(order).join();
            await().untilAsserted(() -> assertThat(handled).hasSize(1));
        }
    }

    @Test
    void healthAndUnwrap() {
        Health health = client.health(Duration.ofSeconds(2));
        Optional<InMemoryBroker> broker = client.unwrap(InMemoryBroker.class);

        assertThat(health.status()).isEqualTo(Health.Status.UP);
        assertThat(broker).isPresent();
    }

    @Test
    void shutdown() {
        Consumer consumer = client.consumer(Queue.of("orders"), Order.class).start(delivery -> ship(delivery.body()));
        consumer.close(Duration.ofSeconds(5));

        assertThat(consumer.inFlight()).isZero();
    }

    @Test
    void aProgramThatOnlyConsumes() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread program = new Thread(() -> {
            try {
                consumeOnly(Queue.of("orders"));
                ended.complete(null);
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        program.start();
        await().until(() -> program.getState() == Thread.State.WAITING);
        program.interrupt();

        assertThat(ended).failsWithin(Duration.ofSeconds(30));
    }

    @SuppressWarnings({"FutureReturnValueIgnored", "try"})
    private void consumeOnly(Queue orders) throws InterruptedException {
        try (MessagingClient client = MessagingClient.open()) {
            Consumer consumer = client.consumer(orders, Order.class).start(delivery -> ship(delivery.body()));
            consumer.whenClosed().whenComplete((closed, failure) -> client.close());
            client.awaitShutdown();
        }
    }

    @Test
    void shipsEveryOrder() {
        try (MessagingClient client = MessagingClient.connect("inmemory:")) {
            Queue orders = Queue.of("orders");
            client.consumer(orders, Order.class).start(delivery -> ship(delivery.body()));
            client.producer(orders, Order.class).send(order).join();
            await().untilAsserted(() -> assertThat(shipped).containsExactly(order));
        }
    }
}
