package io.anymq.internal.config;

import io.anymq.spi.ConfigValues;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Values by option name, defaults filled in. */
record ParsedOptions(Map<String, Object> values, Map<String, Map<String, String>> families) implements ConfigValues {
    @Override
    public Optional<String> text(String name) {
        return Optional.ofNullable(value(name)).map(String.class::cast);
    }

    @Override
    public long number(String name) {
        return (Long) required(name);
    }

    @Override
    public boolean flag(String name) {
        return (Boolean) required(name);
    }

    @Override
    public Duration duration(String name) {
        return (Duration) required(name);
    }

    @Override
    public long size(String name) {
        return (Long) required(name);
    }

    @Override
    public Map<String, String> passThrough(String prefix) {
        return families.getOrDefault(prefix, Map.of());
    }

    /** The names only: values may be secrets, and a record's own text would print them. */
    @Override
    public String toString() {
        return "options " + new TreeSet<>(values.keySet()) + " " + new TreeSet<>(families.keySet());
    }

    private @Nullable Object value(String name) {
        return values.get(name);
    }

    private Object required(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no option '" + name + "' with a value was declared");
        }
        return value;
    }
}
