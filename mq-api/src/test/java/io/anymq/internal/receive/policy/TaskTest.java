package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.VirtualTime;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskTest {
    private static final EngineContext ENGINE =
            new ManualBroker().engine(new VirtualTime(), List.of(), new ReconnectSignal());
    private static final Queue ORDERS = Queue.of("orders");

    @Test
    void outputsOfTwoSubscriptionsHaveDifferentIds() {
        TestMessage input = TestMessage.text("in", null, "text");
        Topic topic = Topic.of("signups");
        Task mail = new Task(null, topic.subscription("mail"), input, null);
        Task audit = new Task(null, topic.subscription("audit"), input, null);
        assertThat(outputId(mail)).isNotEqualTo(outputId(audit));
        assertThat(outputId(mail)).as("the same in a repeated attempt").isEqualTo(outputId(mail));
        assertThat(outputId(new Task(null, topic.subscription("Aa"), input, null)))
                .as("names with one hash code")
                .isNotEqualTo(outputId(new Task(null, topic.subscription("BB"), input, null)));
    }

    @Test
    void noTwoHandlersGiveAnOutputTheSameId() {
        Set<String> ids = new HashSet<>();
        for (Source source : List.of(
                ORDERS,
                Queue.of("order"),
                Topic.of("orders").subscription("a"),
                Topic.of("orders").subscription("ab"))) {
            for (String input : List.of("in", "in.1", "s", "1", "b", "")) {
                for (int number : new int[] {1, 2, 11}) {
                    assertThat(ids.add(OutputIds.of(source, input, number))).isTrue();
                }
            }
        }
        assertThat(outputId(new Task(null, ORDERS, TestMessage.text("in", null, "text"), null)))
                .isEqualTo(OutputIds.of(ORDERS, "in", 1))
                .hasSize(32);
    }

    @Test
    void theLongestInputIdGivesAnOutputAnIdAsWell() {
        Task task = new Task(null, ORDERS, TestMessage.text("x".repeat(256), null, "text"), null);
        assertThat(outputId(task)).isEqualTo(outputId(task)).isNotNull();
    }

    private static @Nullable String outputId(Task task) {
        task.open(new Attempt(ENGINE, null, null, false));
        task.publish(ORDERS, "output");
        return task.closeAttempt().get(0).message().id();
    }
}
