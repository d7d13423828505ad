package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.spi.Address;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.common.topic.TopicValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocketMqNamesTest {
    @Test
    void ordinaryNamesAreKept() {
        assertThat(RocketMqNames.topic("orders")).isEqualTo("orders");
        assertThat(RocketMqNames.topic("Orders_2-x")).isEqualTo("Orders_2-x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TBW102", "SCHEDULE_TOPIC_XXXX", "rmq_sys_mine", "anymq-marks-queue-a", "anymq-name-TBW102"})
    void namesThatAreTakenAreMoved(String name) {
        assertThat(RocketMqNames.topic(name)).isEqualTo("anymq-name-" + name);
        assertThat(TopicValidator.isSystemTopic(RocketMqNames.topic(name))).isFalse();
    }

    @Test
    void groupsOfDifferentSourcesDiffer() {
        List<String> groups = List.of(
                RocketMqNames.group(Address.OfSource.of(Topic.of("a-b").subscription("c"))),
                RocketMqNames.group(Address.OfSource.of(Topic.of("a").subscription("b-c"))),
                RocketMqNames.group(Address.OfSource.of(Queue.of("sub-1-a-b"))),
                RocketMqNames.group(Address.OfSource.of(Queue.of("a"))));
        assertThat(groups).doesNotHaveDuplicates();
    }

    @Test
    void theLongestNamesFitAndStayApart() {
        Set<String> all = new HashSet<>();
        String longest = "x".repeat(63);
        for (String end : List.of("1", "2")) {
            for (String other : List.of("1", "2")) {
                String group = RocketMqNames.group(
                        Address.OfSource.of(Topic.of(longest + end).subscription(longest + other)));
                all.addAll(List.of(group, RocketMqNames.marksTopic(group), RocketMqNames.redeliveryTopic(group)));
            }
        }
        assertThat(all)
                .hasSize(12)
                .allSatisfy(name ->
                        assertThat(TopicValidator.validateTopic(name).isValid()).isTrue());
        assertThat(all)
                .filteredOn(name -> name.startsWith("anymq-sub-"))
                .allSatisfy(name ->
                        assertThat(TopicValidator.validateGroup(name).isValid()).isTrue());
    }

    @Test
    void physicalNamesAreUsedAsTheyAre() {
        Topic events = Topic.of("events");
        Address.OfTopic topic = new Address.OfTopic(events, "order_events");
        Address.OfQueue queue = new Address.OfQueue(Queue.of("orders"), "TBW_orders|v1");
        Address.OfSubscription named =
                new Address.OfSubscription(events.subscription("billing"), "g".repeat(120), topic);
        Address.OfSubscription other = new Address.OfSubscription(events.subscription("audit"), null, topic);
        assertThat(RocketMqNames.topic(queue)).isEqualTo("TBW_orders|v1");
        assertThat(RocketMqNames.group(queue)).isEqualTo("anymq-queue-TBW_orders|v1");
        assertThat(RocketMqNames.topic(named)).isEqualTo("order_events");
        assertThat(RocketMqNames.group(named)).isEqualTo("g".repeat(120));
        assertThat(RocketMqNames.group(other)).isEqualTo("anymq-sub-12-order_events-audit");
        for (String mine : List.of(
                RocketMqNames.marksTopic(RocketMqNames.group(named)),
                RocketMqNames.topic(new Address.Redelivery(named, 16)))) {
            assertThat(mine).startsWith("anymq-").contains("-group-gg");
            assertThat(TopicValidator.validateTopic(mine).isValid()).isTrue();
        }
        assertThat(RocketMqNames.marksTopic("billing")).isEqualTo("anymq-marks-group-billing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.placed.v1", "a b", "anymq-mine", "TBW102", "rmq_sys_x", "%RETRY%g", "ä"})
    void namesThatRocketMqCannotHoldAreRefused(String name) {
        assertThat(RocketMqNames.problem(new Address.OfQueue(Queue.of("q"), name), name))
                .isNotNull();
    }

    @Test
    void theBoundIsNamed() {
        String long128 = "x".repeat(128);
        assertThat(RocketMqNames.problem(new Address.OfQueue(Queue.of("q"), long128), long128))
                .contains("1 to 127");
        assertThat(RocketMqNames.problem(new Address.OfTopic(Topic.of("t"), "%DLQ%group"), "%DLQ%group"))
                .isNull();
    }
}
