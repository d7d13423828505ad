package io.anymq.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anymq.ConfigurationException;
import io.anymq.VirtualTime;
import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.BrokerConnection;
import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConnectionContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration of a client whose adapter belongs to an invented vendor. */
final class VendorConfig {
    private static final class Vendor implements BrokerAdapter {
        @Override
        public String scheme() {
            return "vendor";
        }

        @Override
        public List<ConfigOption> options() {
            return List.of(
                    ConfigOption.number("partitions", 8, 1, 100, "how many"),
                    ConfigOption.secret("token", "how to get in"),
                    ConfigOption.choice("mode", "fast", List.of("fast", "safe"), "how"),
                    ConfigOption.passThrough("native.", List.of("linger.ms", "acks"), "the vendor's own"));
        }

        @Override
        public List<String> validate(ConnectionContext context) {
            return context.url().path().equals("bad") ? List.of("the path is bad") : List.of();
        }

        @Override
        public BrokerConnection connect(ConnectionContext context) {
            throw new IllegalStateException("this vendor only has a configuration");
        }
    }

    private VendorConfig() {}

    static ClientConfig read(
            @Nullable Path file, Map<String, String> environment, Properties system, Map<String, String> code) {
        return ClientConfig.read(
                new ClientConfig.Sources(file, environment, system, fromCode(code)),
                Sections.of(List.of(), List.of(new Vendor()), List.of()),
                "name",
                new VirtualTime());
    }

    static Map<String, Setting> fromCode(Map<String, String> code) {
        return code.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new Setting(entry.getValue(), Setting.CODE)));
    }

    static ClientConfig read(Map<String, String> code) {
        return read(null, Map.of(), new Properties(), code);
    }

    /** The problems that are told about these keys, which must be at fault. */
    static List<String> problems(Map<String, String> code) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> read(code));
        assertThat(e).isNotNull();
        return e.problems();
    }
}
