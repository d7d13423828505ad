package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerDisk;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.brokers.OutageContract.Setup;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of an adapter whose broker's disk is full, tried with a real broker on a real file system that is filled
 * beside it: sends end in time, with an error that names the cure and an outcome that is true; once there is room again
 * they succeed through the same sender; and then everything that was confirmed is received, in its order, and nothing
 * that was rejected. An adapter's {@code XFullDiskIT} extends it and says how its broker behaves.
 *
 * <p>Tagged {@code disk}, because it takes namespaces of Linux; {@code ANYMQ_WITHOUT=disk} leaves it out where there
 * are none.
 */
@Tag("disk")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FullDiskContract {
    /** The time-out that a test gives to a send. */
    protected static final Duration SHORT = Duration.ofSeconds(3);

    /** The time a test waits for expected events. */
    protected static final Duration BOUND = Duration.ofSeconds(60);

    private static final int BEFORE = 100;
    private static final int MORE = 10;
    private static final String BODY = "x".repeat(4_000);

    /** For subclasses. */
    protected FullDiskContract() {}

    /** All setups to try; their brokers get a disk of {@link #diskBytes()}. */
    protected abstract List<Setup> setups();

    /** Connects as the adapter under test. */
    protected abstract BrokerConnection connect(ConnectionContext context);

    /** The size of the broker's disk; by default 128 MiB. */
    protected long diskBytes() {
        return 128L << 20;
    }

    /** The space that other files leave on the disk; by default none. The test's own messages fill the rest. */
    protected long left() {
        return 0;
    }

    /** The time between messages while the disk fills; by default 20 ms, which is 200 KB/s. */
    protected Duration pace() {
        return Duration.ofMillis(20);
    }

    /** The time the broker may take to notice; by default {@link #BOUND}. */
    protected Duration noticing() {
        return BOUND;
    }

    /** Whether a full disk ends this broker or its work, so that it is restarted once there is room; by default not. */
    protected boolean ends(Setup setup) {
        return false;
    }

    /** Checks how a send ended that the full disk has failed; by default rejected as FULL, and the disk is named. */
    protected void checkFailure(Setup setup, Outgoing.Ended ended) {
        assertThat(ended.outcome()).isEqualTo(Outgoing.Outcome.REJECTED);
        assertThat(error(ended).code()).isEqualTo(ErrorCode.FULL);
        assertThat(error(ended)).hasMessageContaining("disk");
    }

    /** The error of a send that was not confirmed. */
    protected static MessagingException error(Outgoing.Ended ended) {
        return Objects.requireNonNull(ended.error(), "a send that is not confirmed has an error");
    }

    /** Starts the setup's broker on its small disk. */
    protected final LocalBroker start(Setup setup) {
        return LocalBrokers.start(setup.kind(), setup.options().withDiskBytes(diskBytes()));
    }

    /** Sends through one sender and remembers all outcomes. */
    protected static final class Sending {
        private final String name;
        private final BrokerSender sender;
        private final List<Outgoing> sent = new ArrayList<>();

        /** Sends messages whose ids begin with {@code name}. */
        public Sending(String name, BrokerSender sender) {
            this.name = name;
            this.sender = sender;
        }

        /** Sends one, of one key with all others, without waiting. */
        public Outgoing begin() {
            Outgoing message = Outgoing.text(name + sent.size(), "key", BODY);
            sent.add(message);
            sender.send(message);
            return message;
        }

        /** Sends one and checks that it ends in time. */
        public Outgoing.Ended send() throws InterruptedException {
            long start = System.nanoTime();
            Outgoing.Ended ended = begin().await(BOUND);
            assertThat(OutageContract.since(start)).isLessThan(SHORT.plusSeconds(1));
            return ended;
        }

        /** Sends one and says whether it was confirmed. */
        public boolean isConfirmed() throws InterruptedException {
            return send().outcome() == Outgoing.Outcome.CONFIRMED;
        }

        /** The ids of all sent so far that ended so, in their order. */
        public List<String> ids(Outgoing.Outcome outcome) throws InterruptedException {
            List<String> ids = new ArrayList<>();
            for (Outgoing message : sent) {
                if (message.await(BOUND).outcome() == outcome) {
                    ids.add(message.id());
                }
            }
            return ids;
        }
    }

    /** Receives until all of {@code expected} have come; each counts where it came first. */
    protected static List<String> receive(BrokerConnection connection, Address address, List<String> expected) {
        List<String> seen = new ArrayList<>();
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "full", 1_000)) {
            await().atMost(BOUND).until(() -> {
                List<InboundMessage> some = receiver.receive(1_000, Duration.ofMillis(100));
                some.forEach(message -> seen.add(message.id()));
                receiver.acknowledge(some);
                return seen.containsAll(expected);
            });
        }
        return seen.stream().distinct().toList();
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void aFullDiskIsToldAndTakesNothingAway(Setup setup) throws Exception {
        try (LocalBroker broker = start(setup)) {
            BrokerDisk disk = broker.disk().orElseThrow();
            BrokerConnection connection = connect(SpiContext.of(broker.url(), setup.settings()));
            Address address = new Address.OfQueue(Queue.of("full"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            Sending sending = new Sending("m", sender);
            for (int i = 0; i < BEFORE; i++) {
                assertThat(sending.isConfirmed()).isTrue();
            }

            disk.fillUpTo(left());
            await().atMost(noticing()).pollInterval(pace()).until(() -> !sending.isConfirmed());
            for (int i = 0; i < MORE; i++) {
                sending.send();
            }
            for (Outgoing message : sending.sent.subList(BEFORE, sending.sent.size())) {
                Outgoing.Ended ended = message.await(BOUND);
                if (ended.outcome() != Outgoing.Outcome.CONFIRMED) {
                    checkFailure(setup, ended);
                    assertThat(error(ended)).matches(MessagingException::isRetryable, "retryable");
                }
            }

            disk.makeRoom();
            if (ends(setup)) {
                broker.restart();
            }
            await().atMost(BOUND).pollInterval(pace()).until(sending::isConfirmed);
            assertThat(broker.isAlive()).isTrue();
            List<String> confirmed = sending.ids(Outgoing.Outcome.CONFIRMED);
            List<String> seen = receive(connection, address, confirmed);
            assertThat(seen).filteredOn(new HashSet<>(confirmed)::contains).containsExactlyElementsOf(confirmed);
            Set<String> rejected = new HashSet<>(sending.ids(Outgoing.Outcome.REJECTED));
            assertThat(seen).noneMatch(rejected::contains);
            sender.close(BOUND);
            connection.close(BOUND);
        }
    }
}
