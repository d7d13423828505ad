package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ErrorCode;
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
import io.anymq.tck.brokers.Certificates.Owner;
import io.anymq.tck.direct.Outgoing;
import io.anymq.tck.direct.SpiContext;
import io.anymq.tck.direct.SteppedReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of an adapter for TLS, against a real server that speaks it: messages pass, and an untrusted party is
 * refused with an error that names the cure. An adapter's {@code XTlsIT} extends it and says how its server is told.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TlsContract {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(3);

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    /** For subclasses. */
    protected TlsContract() {}

    /** The brokers to try. */
    protected abstract List<BrokerKind> brokers();

    /**
     * The settings that make the broker listen with TLS as well.
     *
     * @param port on 127.0.0.1
     * @param owner whose certificate it shows
     * @param mutual whether it demands the certificate of {@link Owner#CLIENT}
     */
    protected abstract BrokerOptions listening(
            BrokerKind broker, int port, Certificates certificates, Owner owner, boolean mutual);

    /** Connects as the adapter under test. */
    protected abstract BrokerConnection connect(ConnectionContext context);

    /** The URL of a broker at {@code host:port}, with credentials where it wants them. */
    protected String url(BrokerKind broker, String address) {
        return broker.scheme() + "://" + address;
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new Certificates(folder);
    }

    private record Server(LocalBroker broker, String url) implements AutoCloseable {
        @Override
        public void close() {
            broker.close();
        }
    }

    private Server start(BrokerKind kind, Owner owner, boolean mutual) {
        int port = LocalBrokers.freePort();
        LocalBroker broker = LocalBrokers.start(kind, listening(kind, port, certificates, owner, mutual));
        return new Server(broker, url(kind, "127.0.0.1:" + port));
    }

    private static Map<String, String> trusting(Owner owner) {
        return Map.of(
                "tls",
                "true",
                "trust-store",
                certificates.trustStore(owner).toString(),
                "trust-store-password",
                Certificates.PASSWORD);
    }

    private void passes(String url, Map<String, String> settings) throws Exception {
        BrokerConnection connection = connect(SpiContext.of(url, settings));
        Address address = new Address.OfQueue(Queue.of("tls"));
        connection.provision(address, ProvisionMode.CREATE);
        BrokerSender sender = connection.openSender(address, new SenderOptions(10, BOUND));
        Outgoing message = Outgoing.text("one", "key", "x");
        sender.send(message);
        assertThat(message.await(BOUND).outcome()).isEqualTo(Outgoing.Outcome.CONFIRMED);
        try (SteppedReceiver receiver = new SteppedReceiver(connection, address, "tls", 10)) {
            List<InboundMessage> received = receiver.receiveCount(1);
            assertThat(received).extracting(InboundMessage::id).containsExactly("one");
            receiver.acknowledge(received);
        }
        sender.close(BOUND);
        connection.close(BOUND);
    }

    private void refused(String url, Map<String, String> settings, ErrorCode code, String says) {
        assertThat(refused(url, settings, says)).isEqualTo(code);
    }

    private ErrorCode refused(String url, Map<String, String> settings, String says) {
        MessagingException error = attempt(url, settings);
        assertThat(error).hasMessageContaining(says);
        return error.code();
    }

    /** The error of an attempt that must fail in bounded time. */
    private MessagingException attempt(String url, Map<String, String> settings) {
        long start = System.nanoTime();
        MessagingException error =
                catchThrowableOfType(MessagingException.class, () -> connect(SpiContext.of(url, settings, SHORT)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(2));
        assertThat(error).isNotNull();
        assertThat(error.toString()).doesNotContain(Certificates.PASSWORD);
        return error;
    }

    @ParameterizedTest
    @MethodSource("brokers")
    final void messagesPassAndStrangersAreRefused(BrokerKind kind) throws Exception {
        try (Server server = start(kind, Owner.SERVER, false)) {
            passes(server.url(), trusting(Owner.SERVER));
            refused(server.url(), trusting(Owner.CLIENT), ErrorCode.AUTHENTICATION, "trust-store");
            refused(server.url(), Map.of("tls", "true"), ErrorCode.AUTHENTICATION, "trust-store");
            refused(server.url(), Map.of(), ErrorCode.UNAVAILABLE, ".tls");
            // A port that does not speak TLS says so, hangs up or is silent, as its server likes.
            assertThat(refused(url(kind, server.broker().bootstrap()), trusting(Owner.SERVER), " port"))
                    .isIn(ErrorCode.AUTHENTICATION, ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    final void aServerWithAnotherNameIsRefusedUnlessNamesDoNotMatter(BrokerKind kind) throws Exception {
        try (Server server = start(kind, Owner.ELSEWHERE, false)) {
            refused(server.url(), trusting(Owner.ELSEWHERE), ErrorCode.AUTHENTICATION, "certificate");
            Map<String, String> lenient = new HashMap<>(trusting(Owner.ELSEWHERE));
            lenient.put("tls-verify-host", "false");
            passes(server.url(), lenient);
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    final void aClientShowsItsCertificateWhereItIsDemanded(BrokerKind kind) throws Exception {
        try (Server server = start(kind, Owner.SERVER, true)) {
            refused(server.url(), trusting(Owner.SERVER), ErrorCode.AUTHENTICATION, "key-store");
            Map<String, String> known = new HashMap<>(trusting(Owner.SERVER));
            known.put("key-store", certificates.keyStore(Owner.CLIENT).toString());
            known.put("key-store-password", Certificates.PASSWORD);
            passes(server.url(), known);
        }
    }

    /** A consumer that gave up at this would not come back with its broker. */
    @ParameterizedTest
    @MethodSource("brokers")
    final void aFrozenServerRefusesNobody(BrokerKind kind) throws Exception {
        try (Server server = start(kind, Owner.SERVER, false)) {
            server.broker().suspend();
            MessagingException error = attempt(server.url(), trusting(Owner.SERVER));
            assertThat(error.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
            assertThat(error.isRetryable()).isTrue();
            server.broker().resume();
            passes(server.url(), trusting(Owner.SERVER));
        }
    }
}
