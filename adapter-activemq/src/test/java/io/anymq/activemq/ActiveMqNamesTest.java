package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import io.anymq.tck.direct.SpiContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveMqNamesTest {
    private static final Topic EVENTS = Topic.of("events");

    private static ActiveMqNames names(ServerKind kind) {
        return new ActiveMqNames(kind, new ActiveMqConfig(SpiContext.of("activemq://localhost:61616", Map.of())));
    }

    private static Address.OfSubscription subscription(String physicalName, String topic) {
        return new Address.OfSubscription(
                EVENTS.subscription("billing"), physicalName, new Address.OfTopic(EVENTS, topic));
    }

    @Test
    void physicalNamesHaveNoPrefixes() {
        ActiveMqNames classic = names(ServerKind.CLASSIC);
        Address.OfQueue queue = new Address.OfQueue(Queue.of("orders"), "orders.placed.v1");
        assertThat(classic.target(queue, -1).getPhysicalName()).isEqualTo("orders.placed.v1");
        assertThat(classic.target(new Address.OfTopic(EVENTS, "order.events"), -1)
                        .getPhysicalName())
                .isEqualTo("order.events");
        assertThat(classic.sources(subscription("billing.in", "order.events"))
                        .get(0)
                        .getPhysicalName())
                .isEqualTo("billing.in");
        assertThat(classic.sources(subscription(null, "VirtualTopic.a")).get(0).getPhysicalName())
                .isEqualTo("Consumer.billing.VirtualTopic.a");
    }

    @Test
    void artemisTakesQueuesOfAddresses() {
        ActiveMqNames artemis = names(ServerKind.ARTEMIS);
        assertThat(artemis.sources(subscription("billing.in", "order.events"))
                        .get(0)
                        .getPhysicalName())
                .isEqualTo("order.events::billing.in");
        assertThat(artemis.sources(subscription("other::billing.in", "order.events"))
                        .get(0)
                        .getPhysicalName())
                .isEqualTo("other::billing.in");
        Address.OfQueue queue = new Address.OfQueue(Queue.of("orders"), "orders::eu");
        assertThat(artemis.sources(queue).get(0).getPhysicalName()).isEqualTo("orders::eu");
        assertThatThrownBy(() -> names(ServerKind.CLASSIC).sources(queue))
                .isInstanceOfSatisfying(
                        MessagingException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_NAME));
    }

    @Test
    void whetherClassicCopiesIsKnownByName() {
        ActiveMqNames classic = names(ServerKind.CLASSIC);
        assertThat(classic.isVirtual(subscription(null, null))).isTrue();
        assertThat(classic.isVirtual(subscription("Consumer.x.VirtualTopic.a", "VirtualTopic.a")))
                .isTrue();
        assertThat(classic.isVirtual(subscription(null, "order.events"))).isFalse();
        assertThat(classic.isVirtual(subscription("billing.in", "VirtualTopic.a")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.>", "a,b", "a?x=1", "queue://a", "::a", " a", "a\"b", "anymq.redelivery.x", "a#"})
    void namesThatMeanSomethingElseAreRefused(String name) {
        assertThat(ActiveMqNames.problem(name)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.placed.v1", "a::b", "ActiveMQ.DLQ", "with space", "a/b:c"})
    void ordinaryNamesAreTaken(String name) {
        assertThat(ActiveMqNames.problem(name)).isNull();
    }
}
