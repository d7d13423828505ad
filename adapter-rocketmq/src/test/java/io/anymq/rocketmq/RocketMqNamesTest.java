package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Topic;
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
                RocketMqNames.group(Topic.of("a-b").subscription("c")),
                RocketMqNames.group(Topic.of("a").subscription("b-c")),
                RocketMqNames.group(Queue.of("sub-1-a-b")),
                RocketMqNames.group(Queue.of("a")));
        assertThat(groups).doesNotHaveDuplicates();
    }

    @Test
    void theLongestNamesFitAndStayApart() {
        Set<String> all = new HashSet<>();
        String longest = "x".repeat(63);
        for (String end : List.of("1", "2")) {
            for (String other : List.of("1", "2")) {
                String group = RocketMqNames.group(Topic.of(longest + end).subscription(longest + other));
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
}
