package io.anymq.internal.config;

import io.anymq.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All {@code anymq.*} settings, merged: file, then environment, then system properties, then code. */
final class Settings {
    static final String PREFIX = "anymq.";

    private static final String FILE = "anymq.properties";

    private Settings() {}

    /**
     * Merges the sources. An environment variable is matched to a known key, because its spelling does not tell a dot
     * from a dash; one that matches none is kept in a dotted spelling, so that it is reported as unknown.
     */
    static SortedMap<String, Setting> merge(
            @Nullable Path file,
            Map<String, String> environment,
            Properties system,
            Map<String, String> code,
            Map<String, String> environmentNames) {
        SortedMap<String, Setting> merged = new TreeMap<>();
        readFile(file, merged);
        environment.forEach((name, value) -> {
            if (name.startsWith("ANYMQ_")) {
                String key = environmentNames.getOrDefault(
                        name, name.toLowerCase(Locale.ROOT).replace('_', '.'));
                put(merged, key, value, "environment variable " + name);
            }
        });
        for (String name : system.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                put(merged, name, system.getProperty(name), "system property " + name);
            }
        }
        code.forEach((key, value) -> put(merged, key, value, "code"));
        return merged;
    }

    private static void put(Map<String, Setting> merged, String key, String value, String origin) {
        if (key.equals(PhysicalNames.LIST)) {
            PhysicalNames.expand(value).forEach((each, name) -> merged.put(each, new Setting(name, origin)));
        } else {
            merged.put(key, new Setting(value, origin));
        }
    }

    /** {@code anymq.producer.max-in-flight} is {@code ANYMQ_PRODUCER_MAX_IN_FLIGHT} in the environment. */
    static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static void readFile(@Nullable Path file, Map<String, Setting> into) {
        try {
            if (file != null) {
                read(Files.newBufferedReader(file), file.toString(), into);
            } else if (Files.isRegularFile(Path.of(FILE))) {
                read(Files.newBufferedReader(Path.of(FILE)), FILE, into);
            } else {
                ClassLoader loader = Thread.currentThread().getContextClassLoader();
                InputStream stream = loader == null ? null : loader.getResourceAsStream(FILE);
                if (stream != null) {
                    read(new InputStreamReader(stream, StandardCharsets.UTF_8), FILE + " on the class path", into);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(List.of("the configuration file "
                    + (file == null ? FILE : file) + " cannot be read: "
                    + e.getClass().getSimpleName() + " "
                    + e.getMessage()));
        }
    }

    private static void read(Reader reader, String origin, Map<String, Setting> into) throws IOException {
        try (reader) {
            Properties properties = new Properties();
            properties.load(reader);
            for (String key : properties.stringPropertyNames()) {
                put(into, key, properties.getProperty(key).trim(), origin);
            }
        }
    }
}
