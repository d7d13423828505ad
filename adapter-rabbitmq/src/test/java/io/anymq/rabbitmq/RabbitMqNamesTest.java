package io.anymq.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitMqNamesTest {
    private static final Topic EVENTS = Topic.of("events");

    private static Address.OfQueue queue(String physicalName) {
        return new Address.OfQueue(Queue.of("orders"), physicalName);
    }

    @Test
    void physicalNamesAreUsedAsTheyAre() {
        Address.OfTopic topic = new Address.OfTopic(EVENTS, "order.events");
        assertThat(RabbitMqNames.queue(queue("orders.placed.v1"))).isEqualTo("orders.placed.v1");
        assertThat(RabbitMqNames.queue(new Address.Redelivery(queue("orders.placed.v1"), 16)))
                .isEqualTo("orders.placed.v1");
        assertThat(RabbitMqNames.exchange(topic)).isEqualTo("order.events");
        assertThat(RabbitMqNames.routingKey(topic)).isNull();
        assertThat(RabbitMqNames.queue(new Address.OfSubscription(EVENTS.subscription("a"), "billing", topic)))
                .isEqualTo("billing");
        assertThat(RabbitMqNames.queue(new Address.OfSubscription(EVENTS.subscription("a"), null, topic)))
                .isEqualTo("events.a");
    }

    @Test
    void aSlashSeparatesTheRoutingKey() {
        Address.OfTopic topic = new Address.OfTopic(EVENTS, "amq.topic/orders.placed/eu");
        assertThat(RabbitMqNames.exchange(topic)).isEqualTo("amq.topic");
        assertThat(RabbitMqNames.routingKey(topic)).isEqualTo("orders.placed/eu");
        assertThat(RabbitMqNames.problem(topic, "amq.topic/orders.placed/eu")).isNull();
        assertThat(RabbitMqNames.problem(new Address.OfTopic(EVENTS, "/key"), "/key"))
                .contains("exchange/routing.key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"amq.gen-1", "anymq.backstop"})
    void reservedQueuesAreRefused(String name) {
        assertThat(RabbitMqNames.problem(queue(name), name)).contains("belong to");
    }

    @Test
    void theBoundIsNamedInBytes() {
        String longest = "ä".repeat(122);
        assertThat(RabbitMqNames.problem(queue(longest), longest)).isNull();
        assertThat(RabbitMqNames.problem(queue(longest + "x"), longest + "x")).contains("1 to 244 bytes", "245");
    }
}
