package io.anymq.inmemory;

import io.anymq.spi.ConfigOption;
import io.anymq.spi.ConfigValues;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The adapter's options with some of them set, as plain numbers. */
final class Options implements ConfigValues {
    private final Map<String, Long> values = new HashMap<>();

    Options(Map<String, Long> set) {
        for (ConfigOption option : new InMemoryAdapter().options()) {
            values.put(option.name(), parse(String.valueOf(option.defaultValue())));
        }
        set.forEach((name, value) -> {
            if (values.put(name, value) == null) {
                throw new IllegalArgumentException("there is no option " + name);
            }
        });
    }

    private static long parse(String text) {
        return text.endsWith("MiB") ? Long.parseLong(text.substring(0, text.length() - 3)) << 20 : Long.parseLong(text);
    }

    private long value(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no option " + name);
        }
        return value;
    }

    @Override
    public Optional<String> text(String name) {
        throw new IllegalArgumentException("there is no text option " + name);
    }

    @Override
    public long number(String name) {
        return value(name);
    }

    @Override
    public boolean flag(String name) {
        throw new IllegalArgumentException("there is no flag " + name);
    }

    @Override
    public Duration duration(String name) {
        throw new IllegalArgumentException("there is no duration " + name);
    }

    @Override
    public long size(String name) {
        return value(name);
    }

    @Override
    public Map<String, String> passThrough(String prefix) {
        return Map.of();
    }
}
