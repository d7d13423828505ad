package io.anymq.activemq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.brokers.BrokerKind;
import jakarta.jms.Connection;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import org.apache.activemq.ScheduledMessage;
import org.apache.activemq.command.ActiveMQMessage;
import org.junit.jupiter.api.Test;

/** Real servers, asked by the vendor's own client, say what {@link ServerTexts} looks for. */
class ServerTextsIT {
    @Test
    void aSchedulerQuotesADelayThatIsNoNumber() throws Exception {
        try (Connection connection = SharedBroker.plain(SharedBroker.of(BrokerKind.ACTIVEMQ));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createTopic("texts"))) {
            TextMessage message = session.createTextMessage("m");
            // past the client's own check
            ((ActiveMQMessage) message).setProperty(ScheduledMessage.AMQ_SCHEDULED_DELAY, SchedulerProbe.QUESTION);

            Throwable failure = catchThrowable(() -> producer.send(message));

            assertThat(ServerTexts.SCHEDULER_READS.isIn(failure))
                    .as("%s", failure)
                    .isTrue();
            assertThat(ServerTexts.ADDRESS_CREATED.isIn(failure)).isFalse();
        }
    }

    @Test
    void artemisDescribesTheAddressThatItCreates() throws Exception {
        try (Connection connection = SharedBroker.plain(SharedBroker.of(BrokerKind.ARTEMIS));
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
            String created = ActiveMqPlainClient.manage(session, "createAddress", "[\"texts\",\"MULTICAST\"]");
            String again = ActiveMqPlainClient.manage(session, "createAddress", "[\"texts\",\"MULTICAST\"]");

            assertThat(ServerTexts.ADDRESS_CREATED.isIn(created)).as(created).isTrue();
            assertThat(ServerTexts.ADDRESS_CREATED.isIn(again)).as(again).isFalse();
        }
    }
}
