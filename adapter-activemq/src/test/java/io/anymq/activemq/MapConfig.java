package io.anymq.activemq;

import io.anymq.spi.AdapterConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Options from a map, with the defaults of {@link ActiveMqConfig#options()}; sizes and durations as plain numbers. */
record MapConfig(Map<String, String> values) implements AdapterConfig {
    @Override
    public Optional<String> text(String name) {
        String value = values.get(name);
        return Optional.ofNullable(
                value != null
                        ? value
                        : ActiveMqConfig.options().stream()
                                .filter(option -> option.name().equals(name))
                                .findFirst()
                                .orElseThrow()
                                .defaultValue());
    }

    @Override
    public long number(String name) {
        return Long.parseLong(text(name).orElseThrow());
    }

    @Override
    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name).orElseThrow());
    }

    @Override
    public Duration duration(String name) {
        return Duration.ofMillis(number(name));
    }

    @Override
    public long size(String name) {
        String text = text(name).orElseThrow();
        return text.endsWith("MiB") ? Long.parseLong(text.replace("MiB", "")) << 20 : Long.parseLong(text);
    }

    @Override
    public Map<String, String> passThrough(String prefix) {
        Map<String, String> found = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }
}
