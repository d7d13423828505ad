package io.anymq.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.SharedBrokers;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the tables can show: the fence, messages that are committed late, and how lanes are shared. */
@Tag("postgresql")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PostgresReceiverIT {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final String url = SharedBrokers.of(BrokerKind.POSTGRESQL).url();
    private final PostgresPlainClient plain =
            new PostgresPlainClient(SharedBrokers.of(BrokerKind.POSTGRESQL).bootstrap());
    private BrokerConnection connection;

    @BeforeEach
    void connect() {
        connection = PostgresConnection.open(SpiContext.of(url, Map.of(), BOUND));
    }

    @AfterEach
    void close() {
        connection.close(BOUND);
    }

    private Queue provisioned(Queue queue) {
        connection.provision(new Address.OfQueue(queue), ProvisionMode.CREATE);
        return queue;
    }

    private void send(Queue queue, String id) throws Exception {
        var sender = connection.openSender(new Address.OfQueue(queue), new SenderOptions(10, BOUND));
        Outgoing.text(id, "k", id).sendTo(sender, BOUND);
        sender.close(BOUND);
    }

    private SteppedReceiver receiver(Queue queue, String name) {
        return new SteppedReceiver(connection, new Address.OfQueue(queue), name, 100);
    }

    private int count(String query, Queue queue) throws Exception {
        try (Connection own = plain.connect();
                PreparedStatement statement = own.prepareStatement(query)) {
            statement.setString(1, queue.name());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReceiverThatWasTakenForDeadSettlesNothing(boolean ordered) throws Exception {
        Queue any = Queue.of(SpiContext.uniqueName("fence"));
        Queue queue = provisioned(ordered ? any : any.unordered());
        send(queue, "one");
        try (SteppedReceiver late = receiver(queue, "late")) {
            List<InboundMessage> taken = late.receiveCount(1);
            // What a competitor does when the lease has run out.
            for (String step : List.of(
                    "DELETE FROM mq_receiver r",
                    "UPDATE mq_lane r SET receiver = NULL",
                    "UPDATE mq_claim r SET receiver = NULL")) {
                plain.execute(
                        step + " WHERE r.source IN (SELECT s.id FROM mq_source s JOIN mq_destination d"
                                + " ON d.id = s.destination WHERE d.name = ?)",
                        queue.name());
            }
            try (SteppedReceiver next = receiver(queue, "next")) {
                List<InboundMessage> again = next.receiveCount(1);
                assertThatExceptionOfType(MessagingException.class)
                        .isThrownBy(() -> late.acknowledge(taken))
                        .withMessageContaining("lease")
                        .matches(error -> error.code() == ErrorCode.UNAVAILABLE && error.isRetryable());
                assertThat(plain.read(queue.name(), 0, BOUND)).hasSize(1);
                next.acknowledge(again);
                assertThat(plain.read(queue.name(), 0, BOUND)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsCommittedLateIsNotSkipped(boolean ordered) throws Exception {
        Queue any = Queue.of(SpiContext.uniqueName("late"));
        Queue queue = provisioned(ordered ? any : any.unordered());
        try (Connection slow = plain.connect();
                SteppedReceiver receiver = receiver(queue, "late")) {
            slow.setAutoCommit(false);
            try (PreparedStatement statement = slow.prepareStatement("SELECT mq_send(?, ?, 'k', 'slow')")) {
                statement.setString(1, queue.name());
                statement.setBytes(2, "slow".getBytes(UTF_8));
                statement.execute();
            }
            send(queue, "fast");
            List<InboundMessage> fast = receiver.receiveCount(1);
            assertThat(fast.get(0).id()).isEqualTo("fast");
            // Two looks go by before the other transaction ends.
            send(queue, "second");
            List<InboundMessage> second = receiver.receiveCount(1);
            receiver.acknowledge(fast);
            slow.commit();
            List<InboundMessage> late = receiver.receiveCount(1);
            assertThat(late.get(0).id()).isEqualTo("slow");
            receiver.acknowledge(second);
            receiver.acknowledge(late);
            assertThat(plain.read(queue.name(), 0, BOUND)).isEmpty();
        }
    }

    @Test
    void receiversShareTheLanesFairlyAndOneThatLeavesFreesItsOwn() throws Exception {
        Queue queue = provisioned(Queue.of(SpiContext.uniqueName("lanes")));
        String owners = "SELECT count(DISTINCT l.receiver) FROM mq_lane l JOIN mq_source s ON s.id = l.source"
                + " JOIN mq_destination d ON d.id = s.destination WHERE d.name = ? AND l.receiver IS NOT NULL";
        String largest = "SELECT max(n) FROM (SELECT count(*) AS n FROM mq_lane l JOIN mq_source s ON s.id = l.source"
                + " JOIN mq_destination d ON d.id = s.destination WHERE d.name = ? GROUP BY l.receiver) AS shares";
        List<SteppedReceiver> receivers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            receivers.add(receiver(queue, "share-" + i));
        }
        await().atMost(BOUND).until(() -> {
            receivers.forEach(receiver -> receiver.receive(10, Duration.ofMillis(10)));
            return count(owners, queue) == 3 && count(largest, queue) == 11;
        });
        receivers.remove(0).close();
        await().atMost(BOUND).until(() -> {
            receivers.forEach(receiver -> receiver.receive(10, Duration.ofMillis(10)));
            return count(owners, queue) == 2 && count(largest, queue) == 16;
        });
        receivers.forEach(SteppedReceiver::close);
    }
}
