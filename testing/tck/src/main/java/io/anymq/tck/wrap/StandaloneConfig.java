package io.anymq.tck.wrap;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An adapter's options read without the engine: defaults plus the given settings, which are assumed to be legal. */
final class StandaloneConfig implements ConfigValues {
    private static final String[] UNITS = {"ms", "s", "m", "h", "d"};
    private static final long[] UNIT_MILLIS = {1, 1_000, 60_000, 3_600_000, 86_400_000};

    private final Map<String, ConfigOption> options = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();

    StandaloneConfig(List<ConfigOption> options, String prefix, Map<String, String> settings) {
        for (ConfigOption option : options) {
            this.options.put(option.name(), option);
        }
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                values.put(key.substring(prefix.length()), value);
            }
        });
    }

    private @Nullable String value(String name) {
        String value = values.get(name);
        ConfigOption option = options.get(name);
        return value == null && option != null ? option.defaultValue() : value;
    }

    private String required(String name) {
        String value = value(name);
        if (value == null) {
            throw new IllegalArgumentException("option " + name + " has neither a value nor a default");
        }
        return value.trim();
    }

    @Override
    public Optional<String> text(String name) {
        return Optional.ofNullable(value(name));
    }

    @Override
    public long number(String name) {
        return Long.parseLong(required(name));
    }

    @Override
    public boolean flag(String name) {
        return Boolean.parseBoolean(required(name));
    }

    @Override
    public Duration duration(String name) {
        String value = required(name).toLowerCase(Locale.ROOT);
        for (int i = 0; i < UNITS.length; i++) {
            String number = value.substring(0, Math.max(0, value.length() - UNITS[i].length()));
            if (value.endsWith(UNITS[i]) && number.chars().allMatch(Character::isDigit) && !number.isEmpty()) {
                return Duration.ofMillis(Long.parseLong(number) * UNIT_MILLIS[i]);
            }
        }
        return Duration.parse(value);
    }

    @Override
    public long size(String name) {
        String value = required(name);
        int shift = value.endsWith("KiB") ? 10 : value.endsWith("MiB") ? 20 : value.endsWith("GiB") ? 30 : 0;
        return Long.parseLong(
                        shift == 0
                                ? value
                                : value.substring(0, value.length() - 3).trim())
                << shift;
    }

    @Override
    public Map<String, String> passThrough(String prefix) {
        Map<String, String> family = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                family.put(key.substring(prefix.length()), value);
            }
        });
        return family;
    }
}
