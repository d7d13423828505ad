package io.anymq.brokers;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The parameters of a PostgreSQL server. */
final class PostgresSettings {
    private PostgresSettings() {}

    static SortedMap<String, String> of(BrokerOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("fsync", options.durability() == Durability.POWER ? "on" : "off");
        settings.put("max_connections", "200");
        settings.put("shared_buffers", "64MB");
        settings.putAll(options.settings());
        return settings;
    }

    /** {@code -c name=value} for each. */
    static List<String> flags(SortedMap<String, String> settings) {
        List<String> flags = new ArrayList<>();
        settings.forEach((name, value) -> {
            flags.add("-c");
            flags.add(name + "=" + value);
        });
        return flags;
    }
}
