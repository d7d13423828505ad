package io.anymq.internal.config;

import static io.anymq.internal.config.VendorConfig.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.VirtualTime;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConnectionContext;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says about the broker that a client connects to. */
class ConfigTargetTest {
    @TempDir
    Path folder;

    /** Stands for the adapter that the default URL names. */
    private static final class Embedded implements BrokerAdapter {
        @Override
        public String scheme() {
            return "inmemory";
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            throw new IllegalStateException("this one only has a name");
        }
    }

    @Test
    void theTargetSaysWhereToAndWhoSaidSo() throws IOException {
        Path file = folder.resolve("shop.properties");
        Files.writeString(file, "# shop\nanymq.url=vendor://u:secret@host/orders\n");
        assertThat(read(file, Map.of(), new Properties(), Map.of()).target())
                .isEqualTo("connects to vendor://u:***@host/orders (anymq.url from " + file + ", line 2)");
        assertThat(read(file, Map.of("ANYMQ_URL", "vendor:"), new Properties(), Map.of())
                        .target())
                .isEqualTo("connects to vendor: (anymq.url from environment variable ANYMQ_URL)");
        Properties system = new Properties();
        system.setProperty("anymq.url", "vendor:");
        assertThat(read(file, Map.of(), system, Map.of()).target())
                .isEqualTo("connects to vendor: (anymq.url from system property anymq.url)");
        assertThat(read(Map.of("anymq.url", "vendor:")).target()).endsWith("(anymq.url from code)");
    }

    /** A broker that ends with its client must not surprise an operator who believes that a file names another one. */
    @Test
    void withoutAUrlTheTargetSaysWhereOneWasLookedFor() throws IOException {
        assertThat(withoutUrlOn(ClassLoader.getPlatformClassLoader()))
                .isEqualTo("uses an in-memory broker of its own, whose messages end with it, because anymq.url is not"
                        + " set: there is no anymq.properties in " + Path.of("").toAbsolutePath()
                        + " or on the class path, and no ANYMQ_URL in the environment");
        Path file = folder.resolve("shop.properties");
        Files.writeString(file, "anymq.retry.max-attempts=3\n");
        assertThat(withoutUrl(file))
                .endsWith("because anymq.url is not set: neither in " + file + " nor as ANYMQ_URL in the environment");
        Files.writeString(folder.resolve("anymq.properties"), "anymq.retry.max-attempts=3\n");
        URL[] withFile = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(withFile, ClassLoader.getPlatformClassLoader())) {
            assertThat(withoutUrlOn(loader)).contains("neither in anymq.properties on the class path nor as ANYMQ_URL");
        }
    }

    private static String withoutUrlOn(ClassLoader loader) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            return withoutUrl(null);
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static String withoutUrl(@Nullable Path file) {
        return ClientConfig.read(
                        new ClientConfig.Sources(file, Map.of(), new Properties(), Map.of()),
                        Sections.of(List.of(), List.of(new Embedded()), List.of()),
                        "name",
                        new VirtualTime())
                .target();
    }
}
