package io.anymq.brokers;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks settings up: the system property first, then the environment variable of the matching name. */
final class Settings {
    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;

    Settings(Function<String, @Nullable String> properties, Function<String, @Nullable String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    static Settings ofThisJvm() {
        return new Settings(System::getProperty, System::getenv);
    }

    /** {@code anymq.test.kafka.url} is also looked for as {@code ANYMQ_TEST_KAFKA_URL}. Blank counts as unset. */
    Optional<String> get(String property) {
        return notBlank(properties.apply(property))
                .or(() -> variable(property.toUpperCase(Locale.ROOT).replace('.', '_')));
    }

    Optional<String> variable(String name) {
        return notBlank(environment.apply(name));
    }

    private static Optional<String> notBlank(@Nullable String value) {
        return Optional.ofNullable(value).map(String::trim).filter(text -> !text.isEmpty());
    }
}
