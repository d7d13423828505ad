package io.anymq.rocketmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerDisk;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.FullDiskContract;
import io.anymq.tck.brokers.OutageContract.Setup;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A disk that is full as RocketMQ means it, with its reserve of a tenth, and one that is full to the last page before
 * the broker has looked.
 */
class RocketMqFullDiskIT extends FullDiskContract {
    private static final Setup SETUP = new Setup(
            BrokerKind.ROCKETMQ,
            BrokerOptions.defaults().withSetting("cleanResourceInterval", "500"),
            Map.of(RocketMqConfig.QUEUES, "2"));

    @Override
    protected List<Setup> setups() {
        return List.of(SETUP);
    }

    @Override
    protected BrokerConnection connect(ConnectionContext context) {
        return RocketMqConnection.open(context);
    }

    /** From nine tenths on the broker refuses. */
    @Override
    protected long left() {
        return diskBytes() / 12;
    }

    /** It looks for the first time a minute after its start. */
    @Override
    protected Duration noticing() {
        return Duration.ofSeconds(75);
    }

    /** The remaining room must last until then. */
    @Override
    protected Duration pace() {
        return Duration.ofMillis(100);
    }

    /**
     * Mapped pages that find no place: RocketMQ fails some sends and confirms others that it has written nowhere, which
     * no client can distinguish. The adapter must ensure time limits, the cure, all that was confirmed before, and to
     * go on.
     */
    @Test
    void aDiskThatIsFullBeforeTheBrokerHasLookedTakesNothingThatWasThere() throws Exception {
        try (LocalBroker broker = start(SETUP)) {
            BrokerDisk disk = broker.disk().orElseThrow();
            RocketMqConnection connection = RocketMqConnection.open(SpiContext.of(broker.url(), SETUP.settings()));
            Address address = new Address.OfQueue(Queue.of("brim"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            Sending before = new Sending("before", sender);
            for (int i = 0; i < 100; i++) {
                assertThat(before.isConfirmed()).isTrue();
            }

            disk.fillUpTo(0);
            Sending meanwhile = new Sending("meanwhile", sender);
            await().atMost(BOUND).until(() -> {
                Outgoing.Ended ended = meanwhile.send();
                if (ended.outcome() == Outgoing.Outcome.CONFIRMED
                        || error(ended).code() != ErrorCode.FULL) {
                    return false;
                }
                assertThat(error(ended)).hasMessageContaining("make room").matches(MessagingException::isRetryable);
                return true;
            });

            disk.makeRoom();
            await().atMost(BOUND).until(meanwhile::isConfirmed);
            Sending after = new Sending("after", sender);
            for (int i = 0; i < 100; i++) {
                assertThat(after.isConfirmed()).isTrue();
            }
            assertThat(broker.isAlive()).isTrue();
            List<String> safe = before.ids(Outgoing.Outcome.CONFIRMED);
            assertThat(receive(connection, address, safe)).containsAll(safe);
            sender.close(BOUND);
            connection.close(BOUND);
        }
    }
}
