package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Delivery;
import io.anymq.Message;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.TypeRef;
import io.anymq.policy.DeadLetterPolicy;
import io.anymq.policy.IdempotencyStore;
import io.anymq.policy.InMemoryIdempotencyStore;
import io.anymq.policy.Ordering;
import io.anymq.policy.RetryPolicy;
import io.anymq.spring.AnyMqListener;
import io.anymq.spring.AnyMqListenerRegistry;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AliasFor;

/** What a listener takes, and what its annotation says. */
class ListenersTest extends OnListeners {
    static class Handlers {
        final List<Object> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "bodies")
        void body(Order order) {
            seen.add(order);
        }

        @AnyMqListener(queue = "deliveries")
        void delivery(Delivery<Order> delivery) {
            seen.add(delivery.id());
        }

        @AnyMqListener(queue = "both")
        void both(Order order, Delivery<Order> delivery) {
            seen.add(order + " " + delivery.attempt());
        }

        @AnyMqListener(queue = "lists")
        void lists(Delivery<List<Order>> delivery) {
            seen.add(delivery.body().get(0));
        }

        @AnyMqListener(queue = "batches", batch = "${size:10}", concurrency = "1")
        void batch(List<Order> orders) {
            seen.addAll(orders);
        }

        @AnyMqListener(queue = "delivery-batches")
        void deliveryBatch(List<Delivery<Order>> orders) {
            orders.forEach(order -> seen.add(order.body()));
        }

        @AnyMqListener(queue = "stages")
        CompletionStage<Void> stage(String body) {
            return CompletableFuture.runAsync(() -> seen.add(body));
        }

        @AnyMqListener(topic = "${topic}", subscription = "mail", ordering = Ordering.UNORDERED)
        public void subscription(String body) {
            seen.add(body);
        }
    }

    @Test
    void aMethodTakesTheBodyADeliveryBothOrABatch() {
        runner.withBean(Handlers.class).withPropertyValues("topic=signups").run(context -> {
            assertThat(context).hasNotFailed();
            Handlers handlers = context.getBean(Handlers.class);
            MessagingClient client = context.getBean(MessagingClient.class);
            Order order = new Order("a", 1);

            send(client, Queue.of("bodies"), order);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).containsExactly(order);

            client.producer(Queue.of("deliveries"), Order.class)
                    .send(Message.of(order).withId("id-1"))
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith("id-1");

            send(client, Queue.of("both"), order);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith(order + " 1");

            client.producer(Queue.of("lists"), new TypeRef<List<Order>>() {})
                    .send(List.of(new Order("b", 2)))
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).endsWith(new Order("b", 2));

            send(client, Queue.of("batches"), new Order("c", 3), new Order("d", 4));
            send(client, Queue.of("delivery-batches"), new Order("e", 5));
            send(client, Queue.of("stages"), "f");
            client.producer(Topic.of("signups").unordered(), String.class)
                    .send("g")
                    .get(10, TimeUnit.SECONDS);
            broker(client).awaitIdle(LIMIT);
            assertThat(handlers.seen).contains(new Order("c", 3), new Order("d", 4), new Order("e", 5), "f", "g");
        });
    }

    @Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @AnyMqListener(topic = "signups", retry = "2")
    @interface OnSignUp {
        @AliasFor(annotation = AnyMqListener.class, attribute = "subscription")
        String value();
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OnSignUp("")
    @interface OnSignUpUnordered {
        @AliasFor(annotation = OnSignUp.class, attribute = "value")
        String subscription();

        @AliasFor(annotation = AnyMqListener.class, attribute = "ordering")
        Ordering order() default Ordering.UNORDERED;
    }

    static class Meta {
        @OnSignUp("welcome-mail")
        void welcome(String body) {}
    }

    static class MetaOfMeta {
        @OnSignUpUnordered(subscription = "audit")
        void audit(String body) {}
    }

    @Test
    void anAnnotationOfTheApplicationStandsForIt() {
        runner.withBean("mails", Meta.class)
                .run(context -> assertThat(context.getBean(AnyMqListenerRegistry.class)
                                .listener("mails.welcome")
                                .orElseThrow()
                                .source()
                                .path())
                        .isEqualTo("signups/welcome-mail"));
    }

    @Test
    void anAnnotationOnThatAnnotationStandsForItAsWell() {
        runner.withBean("audits", MetaOfMeta.class)
                .run(context -> assertThat(context.getBean(AnyMqListenerRegistry.class)
                                .listener("audits.audit")
                                .orElseThrow()
                                .source())
                        .isEqualTo(Topic.of("signups").unordered().subscription("audit")));
    }

    static class Asynchronous {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "answers")
        CompletableFuture<Order> answer(String body) {
            return CompletableFuture.supplyAsync(() -> {
                seen.add(body);
                return new Order(body, 1);
            });
        }

        @AnyMqListener(queue = "nulls", retry = "1")
        CompletionStage<Void> nothing(String body) {
            return null;
        }

        @AnyMqListener(queue = "late-failures", retry = "3", permanentOn = Unusable.class)
        CompletionStage<Void> late(String body) {
            seen.add(body);
            return CompletableFuture.runAsync(() -> {
                throw new IllegalStateException(new Unusable());
            });
        }
    }

    @Test
    void aStageEndsTheAttemptAndNullFailsIt() {
        runner.withBean(Asynchronous.class).run(context -> {
            MessagingClient client = context.getBean(MessagingClient.class);
            send(client, Queue.of("answers"), "a");
            send(client, Queue.of("nulls"), "n");
            send(client, Queue.of("late-failures"), "l");
            broker(client).awaitIdle(LIMIT);
            assertThat(context.getBean(Asynchronous.class).seen).containsExactlyInAnyOrder("a", "l");
            assertThat(broker(client).browse("answers-dead")).isEmpty();
            assertThat(broker(client).browse("nulls-dead")).hasSize(1);
            assertThat(broker(client).browse("late-failures-dead")).hasSize(1);
        });
    }

    static class Failing {
        final List<String> attempts = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "retried", retry = "3", deadLetterQueue = "graves")
        void retried(String body) {
            attempts.add(body);
            throw new IllegalStateException("again");
        }

        @AnyMqListener(queue = "permanent", permanentOn = Unusable.class)
        public void permanent(String body) throws Exception {
            attempts.add(body);
            throw new Exception("wrapped", new Unusable());
        }

        @AnyMqListener(queue = "by-bean", retry = "once", deadLetter = "discarding")
        void byBean(String body) {
            attempts.add(body);
            throw new IllegalStateException("again");
        }
    }

    @Test
    void retryAndDeadLetterAreThoseOfTheAnnotation() {
        runner.withBean(Failing.class)
                .withBean("once", RetryPolicy.class, RetryPolicy::never)
                .withBean("discarding", DeadLetterPolicy.class, DeadLetterPolicy::discard)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    Failing failing = context.getBean(Failing.class);
                    send(client, Queue.of("retried"), "r");
                    send(client, Queue.of("permanent"), "p");
                    send(client, Queue.of("by-bean"), "b");
                    broker(client).awaitIdle(LIMIT);
                    assertThat(failing.attempts).containsExactlyInAnyOrder("r", "r", "r", "p", "b");
                    assertThat(broker(client).browse("graves")).hasSize(1);
                    assertThat(broker(client).browse("permanent-dead")).hasSize(1);
                    assertThat(broker(client).metrics("by-bean-dead")).isEmpty();
                });
    }

    static class Once {
        final List<String> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "once", idempotency = "store", idempotencyKey = "body.id")
        void handle(Order order) {
            seen.add(order.id());
        }
    }

    @Test
    void aBusinessKeyIsHandledOnce() {
        runner.withBean(Once.class)
                .withBean("store", IdempotencyStore.class, InMemoryIdempotencyStore::new)
                .run(context -> {
                    MessagingClient client = context.getBean(MessagingClient.class);
                    send(client, Queue.of("once"), new Order("a", 1), new Order("a", 2), new Order("b", 3));
                    broker(client).awaitIdle(LIMIT);
                    assertThat(context.getBean(Once.class).seen).containsExactlyInAnyOrder("a", "b");
                });
    }
}
