package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.anymq.ErrorCode;
import io.anymq.Health;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.spi.Address;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.BrokerSender;
import io.anymq.spi.ConnectionContext;
import io.anymq.spi.InboundMessage;
import io.anymq.spi.ProvisionMode;
import io.anymq.spi.SenderOptions;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every adapter at the SPI for a broker that dies, one that is not there and one that is something
 * else: all ends in time, is named, loses nothing that was confirmed and leaves no thread behind. An adapter's {@code
 * XOutageIT} extends it, says how its errors are worded, and adds what only its broker can do.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OutageContract {
    /** The time-out that a test gives to the adapter. */
    protected static final Duration SHORT = Duration.ofSeconds(2);

    /** The time after {@link #SHORT} by which a connection attempt must have ended, on a machine that is busy, too. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** The time a test waits for expected events. */
    protected static final Duration BOUND = Duration.ofSeconds(30);

    /**
     * One way to be tried.
     *
     * @param kind which broker is started
     * @param options how
     * @param settings the adapter's options, without their prefix
     */
    public record Setup(BrokerKind kind, BrokerOptions options, Map<String, String> settings) {
        @Override
        public String toString() {
            return kind + " " + settings;
        }
    }

    /**
     * The failure of a connection attempt.
     *
     * @param code the error's code
     * @param says a part of its message
     */
    public record Refusal(ErrorCode code, String says) {}

    /** For subclasses. */
    protected OutageContract() {}

    /** All setups in which the broker is killed; at least one. */
    protected abstract List<Setup> setups();

    /** Connects as the adapter under test. */
    protected abstract BrokerConnection connect(ConnectionContext context);

    /**
     * The URL of a broker at {@code host:port}; by default the scheme of the first setup and that. It may hold the
     * secret {@code topsecret}, which no error may repeat.
     */
    protected String url(String address) {
        return setups().get(0).kind().scheme() + "://" + address;
    }

    /** The failure where no process listens; by default UNAVAILABLE, and the address is named. */
    protected Refusal nobodyThere(String address) {
        return new Refusal(ErrorCode.UNAVAILABLE, "nothing accepts connections at " + address);
    }

    /** The failure where the host's name is unknown; by default UNAVAILABLE, and the address is named. */
    protected Refusal unknownHost(String address) {
        return new Refusal(ErrorCode.UNAVAILABLE, "host of " + address + " cannot be resolved");
    }

    /** The failure where a web server answers. */
    protected abstract Refusal somethingElseThere();

    /** The failure where connections are accepted and never answered; by default the same. */
    protected Refusal somethingSilentThere() {
        return somethingElseThere();
    }

    /** Whether a thread of this name belongs to the adapter or its client; by default if it has the client's name. */
    protected boolean isTheAdapters(String threadName) {
        return threadName.contains(SpiContext.CLIENT_NAME);
    }

    /** Whether a receiver ends when its broker dies, so that the engine opens another, or goes on by itself. */
    protected abstract boolean receiverEndsWithTheBroker();

    /** Checks how a send ended that was made while the broker was down, and how long that took. */
    protected void checkSendWhileDown(Outgoing.Ended ended, Duration time) {
        assertThat(ended.outcome()).isNotEqualTo(Outgoing.Outcome.CONFIRMED);
        assertThat(time).isLessThan(SHORT.plusMillis(500));
    }

    /** The time since {@code start}, by {@link System#nanoTime()}. */
    protected static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits until no thread is left that {@linkplain #isTheAdapters belongs to the adapter}. */
    protected final void noThreadsLeft() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(this::isTheAdapters));
    }

    /** Checks that connecting to this URL fails so, in time, and leaves no thread behind. */
    protected final void refused(String url, Refusal refusal) {
        long start = System.nanoTime();
        assertThatExceptionOfType(MessagingException.class)
                .isThrownBy(() -> connect(SpiContext.of(url, Map.of(), SHORT)))
                .withMessageContaining(refusal.says())
                .satisfies(error -> assertThat(error.code()).isEqualTo(refusal.code()))
                .satisfies(error -> assertThat(error.isRetryable())
                        .isEqualTo(refusal.code() == ErrorCode.UNAVAILABLE || refusal.code() == ErrorCode.TIMEOUT))
                .satisfies(error -> assertThat(error.toString()).doesNotContain("topsecret"));
        assertThat(since(start)).isLessThan(SHORT.plus(SLACK));
        noThreadsLeft();
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void aKilledBrokerLosesNothingAndWorkGoesOnWhenItIsBack(Setup setup) throws Exception {
        try (LocalBroker broker = LocalBrokers.start(setup.kind(), setup.options())) {
            BrokerConnection connection = connect(SpiContext.of(broker.url(), setup.settings()));
            Address address = new Address.OfQueue(Queue.of("outage"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(1_000, SHORT));
            List<String> confirmed = new ArrayList<>();
            SteppedReceiver receiver = new SteppedReceiver(connection, address, "outage", 100);
            for (int i = 0; i < 20; i++) {
                Outgoing message = Outgoing.text("before" + i, "k", "x");
                message.sendTo(sender, BOUND);
                confirmed.add(message.id());
            }
            List<InboundMessage> taken = receiver.receiveCount(10);
            int settled = receiverEndsWithTheBroker() ? 0 : 10;
            receiver.acknowledge(taken.subList(0, settled));
            broker.kill();

            List<String> seen = new ArrayList<>();
            if (receiverEndsWithTheBroker()) {
                ends(receiver);
            } else {
                long start = System.nanoTime();
                receiver.receive(10, Duration.ofSeconds(5)).forEach(message -> seen.add(message.id()));
                assertThat(since(start)).isLessThan(SHORT);
            }
            Outgoing lost = Outgoing.text("during", "k", "x");
            long start = System.nanoTime();
            sender.send(lost);
            Outgoing.Ended ended = lost.await(BOUND);
            checkSendWhileDown(ended, since(start));
            assertThat(ended.error()).isNotNull().matches(MessagingException::isRetryable, "retryable");
            start = System.nanoTime();
            assertThat(connection.probe(SHORT).status()).isEqualTo(Health.Status.DOWN);
            assertThat(since(start)).isLessThan(SHORT.plusSeconds(1));

            broker.restart();
            await().atMost(BOUND).until(() -> connection.probe(SHORT).status() == Health.Status.UP);
            await().atMost(BOUND).until(() -> {
                Outgoing after = Outgoing.text("after", "k", "x");
                sender.send(after);
                return after.await(BOUND).outcome() == Outgoing.Outcome.CONFIRMED;
            });
            confirmed.add("after");
            SteppedReceiver next =
                    receiverEndsWithTheBroker() ? new SteppedReceiver(connection, address, "after", 100) : receiver;
            List<String> expected = confirmed.subList(settled, confirmed.size());
            await().atMost(BOUND).until(() -> {
                List<InboundMessage> some = next.receive(100, Duration.ofMillis(100));
                some.forEach(message -> seen.add(message.id()));
                next.acknowledge(some);
                return seen.containsAll(expected);
            });
            assertThat(seen.stream().distinct().filter(expected::contains)).containsExactlyElementsOf(expected);
            next.close();
            sender.close(BOUND);
            connection.close(BOUND);
        }
        noThreadsLeft();
    }

    private static void ends(SteppedReceiver receiver) {
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(catchThrowableOfType(
                                MessagingException.class, () -> receiver.receive(1, Duration.ZERO)))
                        .isNotNull()
                        .matches(MessagingException::isRetryable, "retryable"));
        receiver.close();
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void closingIsBoundedWhileTheBrokerIsGone(Setup setup) {
        closingIsBounded(setup, LocalBroker::close);
    }

    @ParameterizedTest
    @MethodSource("setups")
    final void closingIsBoundedWhileTheBrokerIsFrozen(Setup setup) {
        closingIsBounded(setup, LocalBroker::suspend);
    }

    private void closingIsBounded(Setup setup, Consumer<LocalBroker> fault) {
        try (LocalBroker broker = LocalBrokers.start(setup.kind(), setup.options())) {
            BrokerConnection connection = connect(SpiContext.of(broker.url(), setup.settings(), SHORT));
            Address address = new Address.OfQueue(Queue.of("closing"));
            connection.provision(address, ProvisionMode.CREATE);
            BrokerSender sender = connection.openSender(address, new SenderOptions(100, BOUND));
            SteppedReceiver receiver = new SteppedReceiver(connection, address, "closing", 100);
            sender.send(Outgoing.text("one", null, "x"));
            receiver.receiveCount(1);
            fault.accept(broker);
            // without an outcome: ending it is the engine's part
            sender.send(Outgoing.text("two", null, "x"));
            long start = System.nanoTime();
            sender.close(Duration.ofSeconds(1));
            receiver.close();
            connection.close(SHORT);
            assertThat(since(start)).isLessThan(Duration.ofSeconds(20));
            noThreadsLeft();
        }
    }

    @Test
    final void connectingWhereNobodyIs() throws IOException {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        refused(url(address), nobodyThere(address));
    }

    @Test
    final void connectingToAnUnknownHost() {
        String address = "no-such-host.invalid:9092";
        refused(url(address), unknownHost(address));
    }

    @Test
    @SuppressWarnings("try") // closed early, because the answering thread ends only then
    final void connectingToSomethingElse() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInHttp(web), "http");
            answering.start();
            String address = "127.0.0.1:" + web.getLocalPort();
            refused(url(address), somethingElseThere());
            web.close();
            answering.join(5_000);
        }
    }

    @Test
    final void connectingToSomethingSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            refused(url(address), somethingSilentThere());
        }
    }

    private static void answerInHttp(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket socket = web.accept()) {
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                if (!web.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
