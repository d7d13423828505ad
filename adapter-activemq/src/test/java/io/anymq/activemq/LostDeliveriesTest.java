package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.activemq.LostDeliveries.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.MessageId;
import org.junit.jupiter.api.Test;

class LostDeliveriesTest {
    private long now;
    private final LostDeliveries deliveries = new LostDeliveries(() -> now);

    private static MessageId id(int number) {
        return new MessageId("ID:client-1-1:1:1:1", number);
    }

    private static MessageDispatch dispatch(int number, int counted) {
        ActiveMQMessage message = new ActiveMQMessage();
        message.setMessageId(id(number));
        MessageDispatch dispatch = new MessageDispatch();
        dispatch.setMessage(message);
        dispatch.setRedeliveryCounter(counted);
        return dispatch;
    }

    private int attemptsBefore(int number, int counted) {
        return deliveries.attemptsBefore("q", dispatch(number, counted));
    }

    private void lose(Delivery... lost) {
        deliveries.lost("q", List.of(lost));
    }

    @Test
    void withoutALossTheBrokerIsRight() {
        assertThat(attemptsBefore(1, 0)).isZero();
        assertThat(attemptsBefore(1, 3)).isEqualTo(3);
        assertThat(attemptsBefore(1, -1)).isZero();
    }

    @Test
    void aLossIsNoAttempt() {
        lose(new Delivery(id(1), 0, 0), new Delivery(id(2), 0, 1), new Delivery(id(3), 2, 2));
        assertThat(attemptsBefore(1, 1)).as("had not begun").isZero();
        assertThat(attemptsBefore(2, 1)).as("had failed once").isEqualTo(1);
        assertThat(attemptsBefore(3, 3)).as("others had counted before").isEqualTo(2);
    }

    @Test
    void lossesInSuccessionAreNoAttempts() {
        lose(new Delivery(id(1), 0, 1));
        lose();
        lose(new Delivery(id(2), 0, 0));
        assertThat(attemptsBefore(1, 3)).as("on its way each time").isEqualTo(1);
        assertThat(attemptsBefore(2, 1)).isZero();
    }

    @Test
    void whatOtherProcessesHaveLostCounts() {
        lose(new Delivery(id(1), 0, 0));
        assertThat(attemptsBefore(1, 2)).isEqualTo(1);
        assertThat(attemptsBefore(9, 2)).as("was on its way here once").isEqualTo(1);
        assertThat(deliveries.attemptsBefore("another", dispatch(1, 1)))
                .as("the same message in another queue")
                .isEqualTo(1);
    }

    @Test
    void aBrokerThatHasForgottenItsCountIsReminded() {
        lose(new Delivery(id(1), 1, 2));
        assertThat(attemptsBefore(1, 0)).isEqualTo(2);
    }

    @Test
    void aLossExplainsUnknownReturnsForTenMinutes() {
        lose(new Delivery(id(1), 0, 0));
        now += Duration.ofMinutes(10).toNanos();
        assertThat(attemptsBefore(9, 1)).isZero();
        now++;
        assertThat(attemptsBefore(9, 1)).isEqualTo(1);
        assertThat(attemptsBefore(1, 1)).as("known").isZero();
    }

    @Test
    void rememberedAreTheLast() {
        int most = 1 << 17;
        List<Delivery> many = new ArrayList<>();
        for (int i = 0; i <= most; i++) {
            many.add(new Delivery(id(i), 5, 0));
        }
        deliveries.lost("q", many);
        assertThat(attemptsBefore(1, 6)).isZero();
        assertThat(attemptsBefore(0, 6)).as("forgotten").isEqualTo(5);
    }

    @Test
    void acknowledgedMessagesAreListedAsTheyCame() {
        RecentAcknowledgements acknowledged = new RecentAcknowledgements(1);
        for (int i = 0; i < 70; i++) {
            ActiveMqMessage message = new ActiveMqMessage(dispatch(i, 1), null, i, 1, 1_000);
            message.attempts(4);
            acknowledged.add(message);
        }
        List<Delivery> lost = new ArrayList<>();
        acknowledged.addTo(lost);
        assertThat(lost)
                .hasSize(64)
                .contains(new Delivery(id(69), 1, 1), new Delivery(id(6), 1, 1))
                .doesNotContain(new Delivery(id(5), 1, 1));
    }
}
