package io.anymq.internal.receive.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.Queue;
import io.anymq.Source;
import io.anymq.Topic;
import io.anymq.VirtualTime;
import io.anymq.internal.support.EngineContext;
import io.anymq.internal.support.ManualBroker;
import io.anymq.internal.support.ReconnectSignal;
import io.anymq.spi.Lane;
import io.anymq.spi.support.EmptyMessage;
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

    @Test
    void aMessageThatIsLostWhileItsAttemptBeginsHasSpentNone() throws Exception {
        AttemptsTold message = new AttemptsTold();
        Task task = new Task(null, ORDERS, message, null);
        message.loser = new Thread(() -> {
            task.fenced = true;
            task.abandonAttempt();
            message.atTheLoss = message.told;
        });
        boolean begun = task.beginAttempt(1);
        message.loser.join();
        assertThat(begun).isTrue();
        assertThat(message.atTheLoss)
                .as("what the adapter knows when it is lost")
                .isZero();
        assertThat(message.told).as("and later").isZero();
    }

    @Test
    void anAttemptDoesNotBeginAtALostMessage() {
        AttemptsTold message = new AttemptsTold();
        Task task = new Task(null, ORDERS, message, null);
        task.fenced = true;
        task.abandonAttempt();
        assertThat(task.beginAttempt(1)).isFalse();
        assertThat(task.attempt).isZero();
        assertThat(message.told).isZero();
    }

    /** While it is told of the first attempt, it is lost. */
    private static final class AttemptsTold extends EmptyMessage {
        private volatile @Nullable Thread loser;
        private volatile int told;
        private volatile int atTheLoss = -1;

        AttemptsTold() {
            super(new Lane("only"), "in");
        }

        @Override
        public void attempts(int total) {
            Thread loss = loser;
            if (loss != null && loss.getState() == Thread.State.NEW) {
                told = total;
                loss.start();
                // it has to wait, or it is through before the attempt has begun
                await().until(() ->
                        loss.getState() == Thread.State.BLOCKED || loss.getState() == Thread.State.TERMINATED);
            }
            told = total;
        }
    }

    private static @Nullable String outputId(Task task) {
        task.open(new Attempt(ENGINE, null, null, false));
        task.publish(ORDERS, "output");
        return task.closeAttempt().get(0).message().id();
    }
}
