package io.anymq.internal.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Prefixes that are legal although no adapter or module on the class path has them, so that a swap of brokers changes
 * one line only. Read from {@code META-INF/anymq/prefixes.properties} of every jar: an artifact, or nothing if it is
 * reserved.
 */
record KnownPrefixes(Map<String, String> artifacts) {
    private static final String FILE = "META-INF/anymq/prefixes.properties";

    static KnownPrefixes load() {
        Map<String, String> artifacts = new TreeMap<>();
        try {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            Enumeration<URL> files = loader == null ? ClassLoader.getSystemResources(FILE) : loader.getResources(FILE);
            while (files.hasMoreElements()) {
                read(files.nextElement().openStream(), artifacts);
            }
            // the engine's own last: no other jar may change what it says, or hide it by its class loader
            InputStream own = KnownPrefixes.class.getResourceAsStream("/" + FILE);
            if (own == null) {
                throw new IllegalStateException(FILE + " is missing from the jar of anymq-api");
            }
            read(own, artifacts);
        } catch (IOException e) {
            throw new IllegalStateException(FILE + " cannot be read: " + e.getMessage(), e);
        }
        return new KnownPrefixes(artifacts);
    }

    private static void read(InputStream stream, Map<String, String> into) throws IOException {
        try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            Properties properties = new Properties();
            properties.load(reader);
            properties.stringPropertyNames().forEach(prefix -> into.put(prefix, properties.getProperty(prefix)));
        }
    }

    boolean contains(String prefix) {
        return artifacts.containsKey(prefix);
    }

    boolean isReserved(String prefix) {
        return "".equals(artifacts.get(prefix));
    }

    /** Where the adapter or module of this prefix comes from. */
    Optional<String> artifact(String prefix) {
        return Optional.ofNullable(artifacts.get(prefix)).filter(artifact -> !artifact.isEmpty());
    }
}
