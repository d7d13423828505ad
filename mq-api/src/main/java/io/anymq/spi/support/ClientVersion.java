package io.anymq.spi.support;

import io.anymq.API;
import io.anymq.Escape;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a vendor's client that is older than an adapter can use. An application's platform, not AnyMQ, chooses the
 * client's version; without this check an old one would fail later, with a {@link NoSuchMethodError} on some thread.
 * Call it from {@link io.anymq.spi.BrokerAdapter#validate}:
 *
 * <pre>{@code
 * private static final ClientVersion CLIENT = new ClientVersion("kafka-clients", "3.9.0", "kafka.version");
 *
 * problems.addAll(CLIENT.problems(ClientVersion.read(Producer.class, "/kafka/kafka-version.properties", "version")));
 * }</pre>
 *
 * @param artifact the client's artifact id
 * @param minimum the oldest version that works, as {@code 3.9.0}
 * @param property the property that sets the version in Spring Boot's dependency management
 */
@API(API.Status.EXPERIMENTAL)
public record ClientVersion(String artifact, String minimum, String property) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?.*");

    /**
     * The version that the client's jar gives of itself in a properties file.
     *
     * @return null if the jar has no such file or key
     */
    public static @Nullable String read(Class<?> ofTheClient, String resource, String key) {
        try (InputStream in = ofTheClient.getResourceAsStream(resource)) {
            if (in == null) {
                return null;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty(key);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * One problem, with its cure, if {@code found} is older than the minimum. None if it is null or no version: a
     * repackaged client is given the benefit of the doubt.
     */
    public List<String> problems(@Nullable String found) {
        int[] have = numbers(found == null ? "" : found);
        int[] need = numbers(minimum);
        if (have.length == 0 || Arrays.compare(have, need) >= 0) {
            return List.of();
        }
        return List.of(artifact + " " + Escape.forLog(String.valueOf(found)) + " is on the class path, but the adapter"
                + " needs " + minimum + " or newer; raise its version (in Spring Boot by the property " + property
                + ", elsewhere in your dependency management)");
    }

    private static int[] numbers(String version) {
        Matcher matcher = NUMBERS.matcher(version.trim());
        if (!matcher.matches()) {
            return new int[0];
        }
        int[] numbers = new int[3];
        for (int i = 0; i < numbers.length; i++) {
            String group = matcher.group(i + 1);
            numbers[i] = group == null ? 0 : Integer.parseInt(group);
        }
        return numbers;
    }
}
