package io.anymq.tck.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Queue;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.ChildJvm;
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
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    /** The password of the user {@code bob}. */
    protected static final String SECRET = "S3cr3t-of-bob";

    /** URLs behind their scheme that hold a password in a place where it cannot be. */
    private static final List<String> MALFORMED = List.of(
            "://bob:12?S3cr3t@host",
            "://bob:12?S3cr3t",
            "://bob:12?S3cr3t=x",
            "://bob:12?S3cr3t%40host",
            "://bob:12?a=b&S3cr3t@host",
            "://bob:12/S3cr3t@host:1",
            "://bob:12/S3cr3t%40host:1",
            "://bob:12#S3cr3t@host:x",
            "://bob:S3cr3t",
            "://bob:S3cr3t%zz@host:1",
            "://bob%3AS3cr3t@host:1",
            "://bob%3AS3cr3t%40host:1",
            ":bob:S3cr3t@host:1",
            ":bob:S3cr3t",
            "S3cr3t@host:1",
            "://bob:S3cr3t@host:1:2");

    private static final Pattern PARTS = Pattern.compile("s3cr3t", Pattern.CASE_INSENSITIVE);

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

    /**
     * How a user logs in.
     *
     * @param url with user and password, if that is where they belong
     * @param settings the options that hold them otherwise
     */
    public record Login(String url, Map<String, String> settings) {}

    /** How {@code user} logs in to the broker at {@code host:port}. */
    protected abstract Login login(String user, String password, String address);

    /** Where the broker listens with TLS; overridden for one that does so on the port of its plain connections. */
    protected String encrypted(LocalBroker broker, int port) {
        return "127.0.0.1:" + port;
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
        return new Server(broker, url(kind, encrypted(broker, port)));
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
        Outgoing.text("one", "key", "x").sendTo(sender, BOUND);
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
            String plain = url(kind, server.broker().bootstrap());
            if (!plain.equals(server.url())) {
                refused(server.url(), Map.of(), ErrorCode.UNAVAILABLE, ".tls");
                // A port that does not speak TLS says so, hangs up or is silent, as its server likes.
                assertThat(refused(plain, trusting(Owner.SERVER), " port"))
                        .isIn(ErrorCode.AUTHENTICATION, ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
            }
        }
    }

    private MessagingException deceived(FalseServer server, Map<String, String> tls) {
        Login login = login("bob", SECRET, server.address());
        Map<String, String> settings = new HashMap<>(login.settings());
        settings.putAll(tls);
        MessagingException error = attempt(login.url(), settings);
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SECRET).doesNotContain(Certificates.PASSWORD);
        return error;
    }

    /** A server with a certificate that is not trusted, or that is another's, hears nothing of a user. */
    @Test
    final void aFalseServerIsRefusedBeforeItHearsAnything() throws Exception {
        try (FalseServer stranger = FalseServer.withCertificate(certificates.keyStore(Owner.SERVER));
                FalseServer another = FalseServer.withCertificate(certificates.keyStore(Owner.ELSEWHERE))) {
            for (Map<String, String> tls : List.of(trusting(Owner.CLIENT), Map.of("tls", "true"))) {
                MessagingException error = deceived(stranger, tls);
                assertThat(error.code()).isEqualTo(ErrorCode.AUTHENTICATION);
                assertThat(error.isRetryable()).isFalse();
                assertThat(error).hasMessageContaining(stranger.address()).hasMessageContaining("trust-store");
            }
            MessagingException error = deceived(another, trusting(Owner.ELSEWHERE));
            assertThat(error.code()).isEqualTo(ErrorCode.AUTHENTICATION);
            assertThat(error.isRetryable()).isFalse();
            assertThat(error).hasMessageContaining("the name in the server's certificate");
            assertThat(stranger.heard()).isEmpty();
            assertThat(another.heard()).isEmpty();
        }
    }

    /** TLS that is asked for is never given up, whatever the server speaks. */
    @Test
    final void aServerWithoutTlsHearsOnlyTheBeginningOfAHandshake() throws Exception {
        try (FalseServer server = FalseServer.plain()) {
            MessagingException error = deceived(server, trusting(Owner.SERVER));
            assertThat(error.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
            assertThat(error).hasMessageContaining(" port");
            byte[] heard = server.heard();
            assertThat(heard).isNotEmpty();
            // the type of a record of TLS that is part of a handshake
            assertThat(heard[0]).isEqualTo((byte) 22);
            assertThat(new String(heard, StandardCharsets.ISO_8859_1)).doesNotContain("bob");
        }
    }

    /** The mistake the other way round is named, too. */
    @Test
    final void aClientWithoutTlsIsToldThatItMayBeWanted() throws Exception {
        try (FalseServer server = FalseServer.withCertificate(certificates.keyStore(Owner.SERVER))) {
            MessagingException error = deceived(server, Map.of());
            assertThat(error.code()).isIn(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
            assertThat(error).hasMessageContaining(".tls");
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

    /**
     * Whatever an application and the libraries in it write, at the finest level of their logs: no password of a store
     * or of a user is in it, not even a part of one that was put into a URL wrongly.
     */
    @ParameterizedTest
    @MethodSource("brokers")
    final void nothingThatIsWrittenHoldsASecret(BrokerKind kind) throws Exception {
        Path written = folder.resolve(kind + "-written.txt");
        List<String> arguments = new ArrayList<>(List.of(written.toString()));
        Map<String, String> known = new HashMap<>(trusting(Owner.SERVER));
        known.put("key-store", certificates.keyStore(Owner.CLIENT).toString());
        known.put("key-store-password", Certificates.PASSWORD);
        Map<String, String> wrong = new HashMap<>(known);
        wrong.put("key-store-password", SECRET);
        try (Server server = start(kind, Owner.SERVER, true);
                FalseServer silent = FalseServer.withCertificate(certificates.keyStore(Owner.SERVER))) {
            String address =
                    server.url().substring(server.url().indexOf("//") + 2).replaceFirst(".*@", "");
            Login user = loginAtServer(SECRET, address);
            String scheme = server.url().substring(0, server.url().indexOf(':'));
            arguments.add(settings(scheme, BOUND, user, known));
            for (Map<String, String> tls : List.of(trusting(Owner.SERVER), trusting(Owner.CLIENT), wrong)) {
                arguments.add(settings(scheme, SHORT, login("bob", SECRET, silent.address()), tls));
            }
            for (String malformed : MALFORMED) {
                arguments.add(settings(scheme, SHORT, new Login(scheme + malformed, Map.of()), known));
            }
            // in front of a file of the same name that quiets the vendors' clients
            Path logging = Files.createTempDirectory(folder, "logging");
            Files.writeString(
                    logging.resolve("simplelogger.properties"), "org.slf4j.simpleLogger.defaultLogLevel=trace\n");
            List<Path> classPath = new ArrayList<>(List.of(logging));
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                classPath.add(Path.of(entry));
            }
            try (ChildJvm application = ChildJvm.of(SecretsApplication.class)
                    .classPath(classPath)
                    .jvmOptions("-Xmx256m")
                    .args(arguments.toArray(String[]::new))
                    .start()) {
                application.awaitExit(BOUND.multipliedBy(4));
            }
        }
        List<String> lines = Files.readAllLines(written);
        assertThat(lines)
                .contains(SecretsApplication.PASSED)
                .anyMatch(line -> line.contains("DEBUG") || line.contains("TRACE"))
                .noneMatch(line -> line.contains(Certificates.PASSWORD))
                .noneMatch(line -> PARTS.matcher(line).find());
        assertThat(lines.stream().filter(line -> line.startsWith("FAILED "))).hasSize(arguments.size() - 2);
    }

    /** A user that the broker of {@link #listening} lets in. */
    protected Login loginAtServer(String password, String address) {
        return login("bob", password, address);
    }

    /** A file with all settings of a client. */
    private static String settings(String scheme, Duration timeout, Login login, Map<String, String> tls)
            throws IOException {
        String prefix = "anymq." + scheme + ".";
        Properties settings = new Properties();
        settings.setProperty("anymq.url", login.url());
        settings.setProperty("anymq.connect-timeout", timeout.toString());
        login.settings().forEach((name, value) -> settings.setProperty(prefix + name, value));
        tls.forEach((name, value) -> settings.setProperty(prefix + name, value));
        Path file = Files.createTempFile(folder, scheme, ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file.toString();
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
