package io.anymq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaNamesTest {
    private static final Topic EVENTS = Topic.of("events");

    @Test
    void portableNamesKeepTheirScheme() {
        assertThat(KafkaNames.topic(new Address.OfQueue(Queue.of("orders")))).isEqualTo("orders");
        assertThat(KafkaNames.group(new Address.OfQueue(Queue.of("orders")))).isEqualTo("anymq.queue.orders");
        assertThat(KafkaNames.group(new Address.OfSubscription(EVENTS.subscription("billing"))))
                .isEqualTo("anymq.sub.events.billing");
    }

    @Test
    void physicalNamesAreUsedAsTheyAre() {
        Address.OfTopic topic = new Address.OfTopic(EVENTS, "order.events");
        Address.OfQueue queue = new Address.OfQueue(Queue.of("orders"), "orders.placed.v1");
        Address.OfSubscription billing =
                new Address.OfSubscription(EVENTS.subscription("billing"), "billing service", topic);
        Address.OfSubscription audit = new Address.OfSubscription(EVENTS.subscription("audit"), null, topic);
        assertThat(KafkaNames.topic(queue)).isEqualTo("orders.placed.v1");
        assertThat(KafkaNames.group(queue)).isEqualTo("anymq.queue.orders.placed.v1");
        assertThat(KafkaNames.topic(topic)).isEqualTo("order.events");
        assertThat(KafkaNames.topic(billing)).isEqualTo("order.events");
        assertThat(KafkaNames.group(billing)).isEqualTo("billing service");
        assertThat(KafkaNames.group(audit)).isEqualTo("anymq.sub.order.events.audit");
    }

    @Test
    void redeliveryKeepsTheNameInCode() {
        Address.OfQueue queue = new Address.OfQueue(Queue.of("orders"), "orders.placed.v1");
        assertThat(KafkaNames.topic(new Address.Redelivery(queue, 16))).isEqualTo("anymq.redelivery.queue.orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", ".", "..", "a/b", "ä", "__consumer_offsets", "anymq.redelivery.queue.x"})
    void topicsThatKafkaCannotHoldAreRefused(String name) {
        assertThat(KafkaNames.problem(new Address.OfTopic(EVENTS, name), name)).isNotNull();
    }

    @Test
    void theBoundIsNamed() {
        String longest = "x".repeat(249);
        assertThat(KafkaNames.problem(new Address.OfTopic(EVENTS, longest), longest))
                .isNull();
        assertThat(KafkaNames.problem(new Address.OfTopic(EVENTS, longest + "x"), longest + "x"))
                .contains("1 to 249");
    }
}
