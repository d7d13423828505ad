package io.anymq.brokers.launch;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/** The file that tells an ActiveMQ launcher what to start. */
final class ServerProperties {
    private final Properties properties = new Properties();

    ServerProperties(String file) throws IOException {
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        }
    }

    /** Returns a mandatory property. */
    String require(String name) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("the properties file has no " + name);
        }
        return value;
    }

    boolean has(String name) {
        return properties.containsKey(name);
    }

    /** The properties that begin with {@code prefix}, as name without the prefix and value, in order. */
    List<String[]> startingWith(String prefix) {
        List<String[]> found = new ArrayList<>();
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (name.startsWith(prefix)) {
                found.add(new String[] {name.substring(prefix.length()), properties.getProperty(name)});
            }
        }
        return found;
    }

    /** Name, password and role of each user, from {@code user.<name>=<password>,<role>}. */
    List<String[]> users() {
        List<String[]> users = new ArrayList<>();
        for (String[] user : startingWith("user.")) {
            String[] secret = user[1].split(",", 2);
            users.add(new String[] {user[0], secret[0], secret.length > 1 ? secret[1] : user[0]});
        }
        return users;
    }
}
