package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.Queue;
import io.anymq.Topic;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.internal.support.VirtualTime;
import java.util.List;
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
        assertThat(outputId(mail)).isNotEqualTo(outputId(audit)).startsWith("in.");
        assertThat(outputId(mail)).as("the same in a repeated attempt").isEqualTo(outputId(mail));
        assertThat(outputId(new Task(null, ORDERS, input, null))).isEqualTo("in.1");
    }

    private static @Nullable String outputId(Task task) {
        task.open(new Attempt(ENGINE, null, null, false));
        task.publish(ORDERS, "output");
        return task.closeAttempt().get(0).message().id();
    }
}
