package io.anymq.opentelemetry;

import io.anymq.API;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which form of OpenTelemetry's conventions for messaging is emitted. They are not final yet; until they are,
 * OpenTelemetry asks instrumentations to keep the established names and to offer the final ones by {@code
 * OTEL_SEMCONV_STABILITY_OPT_IN}. Immutable.
 *
 * <pre>{@code
 * OTEL_SEMCONV_STABILITY_OPT_IN=messaging java -jar shop.jar
 * }</pre>
 */
@API(API.Status.EVOLVING)
public enum SemanticConventions {
    /** The names that OpenTelemetry's agent emits today, so that one dashboard serves both. The default. */
    CURRENT,
    /** The names of version 1.45, from which the final ones are expected; {@code messaging} in the switch. */
    FINAL,
    /** Both, to move dashboards without a gap; {@code messaging/dup} in the switch. */
    BOTH;

    private static final String VARIABLE = "OTEL_SEMCONV_STABILITY_OPT_IN";
    private static final String PROPERTY = "otel.semconv-stability.opt-in";

    /**
     * What the environment asks for: the system property {@code otel.semconv-stability.opt-in}, or else the variable
     * {@code OTEL_SEMCONV_STABILITY_OPT_IN}, a list with commas in which {@code messaging/dup} wins over {@code
     * messaging}.
     */
    public static SemanticConventions fromEnvironment() {
        return from(System.getenv(), System.getProperties());
    }

    static SemanticConventions from(Map<String, String> environment, Properties properties) {
        return parse(properties.getProperty(PROPERTY, environment.get(VARIABLE)));
    }

    private static SemanticConventions parse(@Nullable String text) {
        if (text == null) {
            return CURRENT;
        }
        List<String> chosen = Arrays.stream(text.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
        return chosen.contains("messaging/dup") ? BOTH : chosen.contains("messaging") ? FINAL : CURRENT;
    }

    boolean isCurrent() {
        return this != FINAL;
    }

    boolean isFinal() {
        return this != CURRENT;
    }
}
