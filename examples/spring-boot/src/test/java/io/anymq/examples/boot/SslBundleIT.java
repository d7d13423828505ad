package io.anymq.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.BrokerOptions;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.tck.brokers.Certificates;
import io.anymq.tck.brokers.Certificates.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application with an SSL bundle, on brokers that ask for its certificate. */
@Timeout(240)
@SuppressWarnings("try") // a broker is only closed
class SslBundleIT {
    private static final String STORES = "--spring.ssl.bundle.jks.broker.";
    private static final String FILES = "--spring.ssl.bundle.pem.broker.";

    @TempDir
    private static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new Certificates(folder);
    }

    /** Those of other processes as well. */
    private static Set<Path> storeFolders() throws Exception {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("anymq-ssl"))
                    .collect(Collectors.toSet());
        }
    }

    private static List<ErrorCode> codes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .filter(MessagingException.class::isInstance)
                .map(cause -> ((MessagingException) cause).code())
                .toList();
    }

    @Test
    void kafkaByABundleOfStores() throws Exception {
        int port = LocalBrokers.freePort();
        BrokerOptions mutual = BrokerOptions.defaults()
                .withSetting("tls.listener", "127.0.0.1:" + port)
                .withSetting("ssl.keystore.type", "PKCS12")
                .withSetting(
                        "ssl.keystore.location",
                        certificates.keyStore(Owner.SERVER).toString())
                .withSetting("ssl.keystore.password", Certificates.PASSWORD)
                .withSetting("ssl.truststore.type", "PKCS12")
                .withSetting(
                        "ssl.truststore.location",
                        certificates.trustStore(Owner.CLIENT).toString())
                .withSetting("ssl.truststore.password", Certificates.PASSWORD)
                .withSetting("ssl.client.auth", "required");
        String url = "--anymq.url=kafka://127.0.0.1:" + port;
        Set<Path> before = storeFolders();
        Set<Path> written = new HashSet<>();
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.KAFKA, mutual)) {
            try (RunningExample example = new RunningExample(
                    url,
                    "--anymq.ssl.bundle=broker",
                    STORES + "truststore.location=file:" + certificates.trustStore(Owner.SERVER),
                    STORES + "truststore.password=" + Certificates.PASSWORD,
                    STORES + "truststore.type=PKCS12",
                    STORES + "keystore.location=file:" + certificates.keyStore(Owner.CLIENT),
                    STORES + "keystore.password=" + Certificates.PASSWORD,
                    STORES + "keystore.type=PKCS12")) {
                example.awaitUp();
                example.handlesSignUps();
                written.addAll(storeFolders());
            }
            written.removeAll(before);
            assertThat(written)
                    .as("written for the client, and deleted with it")
                    .anyMatch(Files::notExists);
            Throwable refused = catchThrowable(() -> new RunningExample(
                            url,
                            "--anymq.ssl.bundle=broker",
                            STORES + "truststore.location=file:" + certificates.trustStore(Owner.ELSEWHERE),
                            STORES + "truststore.password=" + Certificates.PASSWORD,
                            STORES + "truststore.type=PKCS12")
                    .close());
            assertThat(refused).isNotNull();
            assertThat(codes(refused)).contains(ErrorCode.AUTHENTICATION);
        }
    }

    @Test
    @Tag("rabbitmq")
    void rabbitMqByABundleOfPemFiles() throws Exception {
        int port = LocalBrokers.freePort();
        BrokerOptions mutual = BrokerOptions.defaults()
                .withSetting("default_user", "bob")
                .withSetting("default_pass", "secret")
                .withSetting("listeners.ssl.1", "127.0.0.1:" + port)
                .withSetting(
                        "ssl_options.certfile",
                        certificates.certificate(Owner.SERVER).toString())
                .withSetting(
                        "ssl_options.keyfile", certificates.key(Owner.SERVER).toString())
                .withSetting(
                        "ssl_options.cacertfile",
                        certificates.authority(Owner.CLIENT).toString())
                .withSetting("ssl_options.verify", "verify_peer")
                .withSetting("ssl_options.fail_if_no_peer_cert", "true");
        try (LocalBroker broker = LocalBrokers.start(BrokerKind.RABBITMQ, mutual);
                RunningExample example = new RunningExample(
                        "--anymq.url=rabbitmq://bob:secret@127.0.0.1:" + port,
                        "--anymq.ssl.bundle=broker",
                        FILES + "truststore.certificate=file:" + certificates.authority(Owner.SERVER),
                        FILES + "keystore.certificate=file:" + certificates.certificate(Owner.CLIENT),
                        FILES + "keystore.private-key=file:" + certificates.key(Owner.CLIENT))) {
            example.awaitUp();
            example.handlesSignUps();
        }
    }
}
