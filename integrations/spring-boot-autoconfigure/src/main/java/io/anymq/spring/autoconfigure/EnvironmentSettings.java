package io.anymq.spring.autoconfigure;

import io.anymq.spi.BrokerAdapter;
import io.anymq.spi.ConfigModule;
import io.anymq.spi.ConfigOption;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The keys of AnyMQ in the application's environment, as the engine spells them, each with its text and the place where
 * it was set. As elsewhere in Spring Boot, {@code anymq.producer.maxInFlight} and {@code ANYMQ_PRODUCER_MAXINFLIGHT} are
 * other spellings of {@code anymq.producer.max-in-flight}. A key that the engine does not know is kept as it is written,
 * for the engine to refuse; one in the environment of the process is left to the engine, which warns.
 */
final class EnvironmentSettings {
    private static final String PREFIX = "anymq.";
    private static final String NAMES = "anymq.names.";
    private static final String ENABLED = "anymq.enabled";

    /**
     * A setting.
     *
     * @param value its text, with placeholders resolved
     * @param origin where it was set, for errors
     */
    record Setting(String value, String origin) {
        /** Without the value, which may be a secret. */
        @Override
        public String toString() {
            return "set by " + origin;
        }
    }

    private final Map<ConfigurationPropertyName, String> known = new LinkedHashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    /** Prefixes of a vendor's own settings without a list of them. */
    private final List<String> families = new ArrayList<>();

    private EnvironmentSettings() {
        collect(AnyMqProperties.class, PREFIX);
        each(BrokerAdapter.class, adapter -> know(PREFIX + adapter.scheme() + ".", adapter.options()));
        each(ConfigModule.class, module -> know(PREFIX + module.prefix() + ".", module.options()));
        variables.put("ANYMQ_NAMES", "anymq.names");
    }

    /** What cannot be loaded is the engine's to report. */
    private static <S> void each(Class<S> service, Consumer<S> action) {
        try {
            ServiceLoader.load(service).forEach(action);
        } catch (ServiceConfigurationError | RuntimeException e) {
            // the engine loads it as well, and says what is wrong
        }
    }

    private void collect(Class<?> type, String prefix) {
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            String key = prefix + DataObjectPropertyName.toDashedForm(property.getName());
            Class<?> kind = property.getPropertyType();
            if (kind != null && kind.getPackage() == AnyMqProperties.class.getPackage() && !kind.isEnum()) {
                collect(kind, key + ".");
            } else if (property.getWriteMethod() != null && kind != Map.class) {
                know(key);
            }
        }
    }

    private void know(String prefix, List<ConfigOption> options) {
        for (ConfigOption option : options) {
            if (option.type() != ConfigOption.Type.PASS_THROUGH) {
                know(prefix + option.name());
            } else if (option.choices().isEmpty()) {
                families.add(prefix + option.name());
            } else {
                option.choices().forEach(choice -> know(prefix + option.name() + choice));
            }
        }
    }

    private void know(String key) {
        known.put(ConfigurationPropertyName.adapt(key, '.'), key);
        String upper = key.toUpperCase(Locale.ROOT).replace('.', '_');
        variables.put(upper.replace("-", ""), key);
        variables.put(upper.replace('-', '_'), key);
    }

    /** All settings; of a key that is set in several places, the one that Spring Boot prefers. */
    static Map<String, Setting> read(ConfigurableEnvironment environment) {
        EnvironmentSettings spellings = new EnvironmentSettings();
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                for (String name : enumerable.getPropertyNames()) {
                    String key = source instanceof SystemEnvironmentPropertySource
                            ? spellings.ofVariable(name)
                            : spellings.ofProperty(name);
                    Object value = key == null || settings.containsKey(key) ? null : source.getProperty(name);
                    if (key != null && value != null) {
                        String text = environment.resolveRequiredPlaceholders(value.toString());
                        settings.put(key, new Setting(text, origin(source, name)));
                    }
                }
            }
        }
        settings.remove(ENABLED);
        return settings;
    }

    private static String origin(PropertySource<?> source, String name) {
        if (source instanceof SystemEnvironmentPropertySource) {
            return "environment variable " + name;
        }
        return PropertySourceOrigin.get(source, name).toString();
    }

    private @Nullable String ofProperty(String name) {
        String dotted = name.replace('[', '.').replace("]", "").replace("..", ".");
        if (!dotted.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
            return null;
        }
        if (dotted.startsWith(NAMES)) {
            return dotted;
        }
        return known.getOrDefault(ConfigurationPropertyName.adapt(dotted, '.'), dotted);
    }

    private @Nullable String ofVariable(String name) {
        String key = variables.get(name);
        if (key != null || !name.startsWith("ANYMQ_")) {
            return key;
        }
        String dotted = name.toLowerCase(Locale.ROOT).replace('_', '.');
        return families.stream().anyMatch(dotted::startsWith) ? dotted : null;
    }
}
