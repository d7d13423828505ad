package io.anymq.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.anymq.Delivery;
import io.anymq.MessagingClient;
import io.anymq.Queue;
import io.anymq.TypeRef;
import io.anymq.spring.AnyMqListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The types that bodies of listeners may have. */
class ListenerTypesTest extends OnListeners {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Placed.class, name = "placed"),
        @JsonSubTypes.Type(value = Cancelled.class, name = "cancelled")
    })
    sealed interface Event permits Placed, Cancelled {}

    record Placed(String order) implements Event {}

    record Cancelled(String order, String reason) implements Event {}

    /** What an application has once for all its kinds of messages. */
    abstract static class Handlers<T> {
        final List<Object> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "${prefix}-bodies")
        void body(T body) {
            seen.add(body);
        }

        @AnyMqListener(queue = "${prefix}-deliveries")
        void delivery(Delivery<T> delivery) {
            seen.add(delivery.body());
        }

        @AnyMqListener(queue = "${prefix}-maps")
        void map(Map<String, T> body) {
            seen.add(body.get("key"));
        }

        @AnyMqListener(queue = "${prefix}-batches")
        void batch(List<T> bodies) {
            seen.addAll(bodies);
        }
    }

    static class Orders extends Handlers<Order> {}

    static class Lists extends Handlers<List<Order>> {}

    private static <T> void send(MessagingClient client, String queue, TypeRef<T> type, T body) throws Exception {
        client.producer(Queue.of(queue), type).send(body).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aTypeVariableIsWhatTheBeansClassSays() {
        runner.withBean(Orders.class).withPropertyValues("prefix=orders").run(context -> {
            assertThat(context).hasNotFailed();
            MessagingClient client = context.getBean(MessagingClient.class);
            send(client, "orders-bodies", TypeRef.of(Order.class), new Order("a", 1));
            send(client, "orders-deliveries", TypeRef.of(Order.class), new Order("b", 2));
            send(client, "orders-maps", new TypeRef<Map<String, Order>>() {}, Map.of("key", new Order("c", 3)));
            send(client, "orders-batches", TypeRef.of(Order.class), new Order("d", 4));
            broker(client).awaitIdle(LIMIT);
            assertThat(context.getBean(Orders.class).seen)
                    .containsExactlyInAnyOrder(
                            new Order("a", 1), new Order("b", 2), new Order("c", 3), new Order("d", 4));
        });
    }

    @Test
    void aTypeVariableThatStandsForAListIsABodyAndNoBatch() {
        runner.withBean(Lists.class).withPropertyValues("prefix=lists").run(context -> {
            assertThat(context).hasNotFailed();
            MessagingClient client = context.getBean(MessagingClient.class);
            List<Order> orders = List.of(new Order("a", 1), new Order("b", 2));
            send(client, "lists-bodies", new TypeRef<List<Order>>() {}, orders);
            send(client, "lists-deliveries", new TypeRef<List<Order>>() {}, orders);
            send(client, "lists-maps", new TypeRef<Map<String, List<Order>>>() {}, Map.of("key", orders));
            send(client, "lists-batches", new TypeRef<List<Order>>() {}, orders);
            broker(client).awaitIdle(LIMIT);
            assertThat(context.getBean(Lists.class).seen).hasSize(4).allMatch(orders::equals);
        });
    }

    static class Various {
        final List<Object> seen = new CopyOnWriteArrayList<>();

        @AnyMqListener(queue = "events")
        void event(Event event) {
            seen.add(event);
        }

        @AnyMqListener(queue = "numbers")
        void number(int number) {
            seen.add(number);
        }

        @AnyMqListener(queue = "bytes")
        void bytes(byte[] bytes) {
            seen.add(bytes.length);
        }

        @AnyMqListener(queue = "wildcards")
        void wildcard(Delivery<? extends Order> delivery) {
            seen.add(delivery.body());
        }

        @AnyMqListener(queue = "arrays")
        void array(Order[] orders) {
            seen.addAll(List.of(orders));
        }
    }

    @Test
    void bodiesAreSealedTypesPrimitivesArraysAndWhatAWildcardAllows() {
        runner.withBean(Various.class).run(context -> {
            assertThat(context).hasNotFailed();
            MessagingClient client = context.getBean(MessagingClient.class);
            send(client, "events", TypeRef.of(Event.class), new Cancelled("a", "no stock"));
            send(client, "events", TypeRef.of(Event.class), new Placed("b"));
            send(client, "numbers", TypeRef.of(Integer.class), 7);
            send(client, "bytes", TypeRef.of(byte[].class), new byte[3]);
            send(client, "wildcards", TypeRef.of(Order.class), new Order("c", 1));
            send(client, "arrays", TypeRef.of(Order[].class), new Order[] {new Order("d", 2)});
            broker(client).awaitIdle(LIMIT);
            assertThat(context.getBean(Various.class).seen)
                    .containsExactlyInAnyOrder(
                            new Cancelled("a", "no stock"),
                            new Placed("b"),
                            7,
                            3,
                            new Order("c", 1),
                            new Order("d", 2));
        });
    }
}
