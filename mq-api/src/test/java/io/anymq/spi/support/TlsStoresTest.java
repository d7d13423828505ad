package io.anymq.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsStoresTest {
    private static final String PREFIX = "anymq.x.";

    @TempDir
    Path folder;

    /** The options' defaults, and {@code settings} over them. */
    private static ConfigValues config(Map<String, String> settings) {
        Map<String, String> values = new HashMap<>();
        for (ConfigOption option : TlsStores.options()) {
            if (option.defaultValue() != null) {
                values.put(option.name(), option.defaultValue());
            }
        }
        values.putAll(settings);
        return (ConfigValues) Proxy.newProxyInstance(
                ConfigValues.class.getClassLoader(),
                new Class<?>[] {ConfigValues.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "text" -> Optional.ofNullable(values.get(arguments[0]));
                    case "flag" -> Boolean.parseBoolean(values.get(arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void passwordsAreSecret() {
        assertThat(TlsStores.options().stream().filter(ConfigOption::secret).map(ConfigOption::name))
                .containsExactly(TlsStores.TRUST_STORE_PASSWORD, TlsStores.KEY_STORE_PASSWORD);
    }

    @Test
    void theDefaultsAreLegal() {
        assertThat(TlsStores.problems(config(Map.of()), PREFIX)).isEmpty();
        assertThat(config(Map.of()).flag(TlsStores.VERIFY_HOST)).isTrue();
    }

    @Test
    void aStoreThatCannotBeReadIsTold() {
        List<String> problems = TlsStores.problems(
                config(Map.of(TlsStores.TLS, "true", TlsStores.TRUST_STORE, "/no/such/file")), PREFIX);
        assertThat(problems).containsExactly("anymq.x.trust-store: the file /no/such/file cannot be read");
    }

    @Test
    void aStoreWithoutTlsIsTold() throws Exception {
        String file = Files.createFile(folder.resolve("keys")).toString();
        assertThat(TlsStores.problems(config(Map.of(TlsStores.KEY_STORE, file)), PREFIX))
                .containsExactly("anymq.x.key-store is only used when anymq.x.tls=true");
        assertThat(TlsStores.problems(config(Map.of(TlsStores.TLS, "true", TlsStores.KEY_STORE, file)), PREFIX))
                .isEmpty();
    }
}
