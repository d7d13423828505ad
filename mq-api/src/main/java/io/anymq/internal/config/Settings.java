package io.anymq.internal.config;

import io.anymq.Escape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All {@code anymq.*} settings, merged: file, then environment, then system properties, then code. */
final class Settings {
    private static final Logger log = LoggerFactory.getLogger(Settings.class);

    static final String PREFIX = "anymq.";

    private static final String FILE = "anymq.properties";
    private static final String ON_CLASS_PATH = FILE + " on the class path";

    private Settings() {}

    /**
     * Merges the sources. An environment variable is matched to a known key, because its spelling does not tell a dot
     * from a dash. One that matches none is not an error, since others set variables, too: it is logged and ignored.
     */
    static SortedMap<String, Setting> merge(ClientConfig.Sources sources, Sections sections, List<String> problems) {
        SortedMap<String, Setting> merged = new TreeMap<>();
        readFile(sources.file(), merged, problems);
        Map<String, String> keys = sections.environmentNames();
        sources.environment().forEach((name, value) -> {
            if (name.startsWith("ANYMQ_")) {
                String dotted = name.toLowerCase(Locale.ROOT).replace('_', '.');
                String key = keys.get(name);
                if (key != null) {
                    put(merged, key, value, "environment variable " + name);
                } else if (!ServiceLinks.isOne(name, value)) {
                    if (sections.isKnown(dotted)) {
                        put(merged, dotted, value, "environment variable " + name);
                    } else {
                        warnOfUnknown(name, dotted, keys);
                    }
                }
            }
        });
        for (String name : sources.system().stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                put(merged, name, sources.system().getProperty(name), "system property " + name);
            }
        }
        sources.code().forEach((key, setting) -> put(merged, key, setting.value(), setting.origin()));
        return merged;
    }

    private static void warnOfUnknown(String name, String dotted, Map<String, String> keys) {
        log.warn(
                "Ignoring environment variable {}: no key has this name{}",
                Escape.forLog(name),
                NearestKey.to(dotted, keys.values())
                        .map(nearest -> "; did you mean " + environmentName(nearest) + "?")
                        .orElse(""));
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

    /** The file that is read: the one that is named, or the one that is found; null if there is none. */
    static @Nullable String fileName(@Nullable Path named) {
        if (named != null) {
            return named.toString();
        }
        if (Files.isRegularFile(Path.of(FILE))) {
            return FILE;
        }
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return loader == null || loader.getResource(FILE) == null ? null : ON_CLASS_PATH;
    }

    private static void readFile(@Nullable Path file, Map<String, Setting> into, List<String> problems) {
        Path path = file != null ? file : Path.of(FILE);
        try {
            if (file != null || Files.isRegularFile(path)) {
                add(Files.readAllBytes(path), path.toString(), into, problems);
                return;
            }
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try (InputStream stream = loader == null ? null : loader.getResourceAsStream(FILE)) {
                if (stream != null) {
                    add(stream.readAllBytes(), ON_CLASS_PATH, into, problems);
                }
            }
        } catch (NoSuchFileException e) {
            problems.add("the configuration file " + path + " does not exist (working directory: "
                    + Path.of("").toAbsolutePath() + ")");
        } catch (IOException e) {
            problems.add("the configuration file " + path + " cannot be read: " + e);
        }
    }

    private static void add(byte[] content, String name, Map<String, Setting> into, List<String> problems) {
        for (ConfigFile.Entry entry : ConfigFile.read(content, name, problems)) {
            put(into, entry.key(), entry.value(), name + ", line " + entry.line());
        }
    }
}
