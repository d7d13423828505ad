package io.anymq.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ErrorCode;
import io.anymq.MessagingClient;
import io.anymq.MessagingException;
import io.anymq.brokers.BrokerKind;
import io.anymq.brokers.LocalBroker;
import io.anymq.brokers.LocalBrokers;
import io.anymq.examples.existing.Billing;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The walk of docs/existing-services.md, with the settings that it shows. */
@Timeout(180)
abstract class ExistingServices {
    private static final Pattern SETTINGS = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);

    private final BrokerKind kind;

    ExistingServices(BrokerKind kind) {
        this.kind = kind;
    }

    /** The services that are there before AnyMQ is. */
    interface Others extends AutoCloseable {
        /** Makes what AnyMQ needs for itself. */
        void prepare() throws Exception;

        void place(String order) throws Exception;

        /** The orders that another service has received since it was asked last, once there are {@code count}. */
        List<String> orders(int count) throws Exception;

        /** The invoices likewise. */
        List<String> invoices(int count) throws Exception;

        @Override
        void close() throws IOException;
    }

    /** Plays the other services; one order has been placed and was handled by the service that AnyMQ replaces. */
    abstract Others others(LocalBroker broker) throws Exception;

    @Test
    void anAnyMqServiceJoinsThem() throws Exception {
        try (LocalBroker broker = LocalBrokers.start(kind);
                Others others = others(broker)) {
            MessagingException missing = catchThrowableOfType(MessagingException.class, () -> {
                try (MessagingClient client = client(broker, "validate")) {
                    Billing.start(client);
                }
            });
            assertThat(missing).isNotNull().hasMessageContaining("orders");
            assertThat(missing.code()).isEqualTo(ErrorCode.NOT_FOUND);
            others.prepare();
            for (String mode : List.of("validate", "none")) {
                try (MessagingClient client = client(broker, mode)) {
                    Billing.start(client);
                    others.place("books by " + mode);
                    assertThat(others.invoices(1)).containsExactly("invoice for books by " + mode);
                    assertThat(others.orders(1)).containsExactly("books by " + mode);
                }
            }
        }
    }

    private MessagingClient client(LocalBroker broker, String mode) throws IOException {
        Properties settings = new Properties();
        settings.load(new StringReader(block()));
        assertThat(settings.getProperty("anymq.provision")).isEqualTo("validate");
        settings.setProperty("anymq.url", broker.url());
        settings.setProperty("anymq.provision", mode);
        MessagingClient.Builder builder = MessagingClient.builder();
        settings.stringPropertyNames().forEach(key -> builder.set(key, settings.getProperty(key)));
        return builder.open();
    }

    private String block() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/existing-services.md"))) {
            folder = folder.getParent();
        }
        String scheme = "anymq.url=" + kind.urlScheme() + ":";
        Matcher blocks = SETTINGS.matcher(Files.readString(folder.resolve("docs/existing-services.md")));
        return blocks.results()
                .map(block -> block.group(1))
                .filter(block -> block.startsWith(scheme))
                .findFirst()
                .orElseThrow();
    }
}
