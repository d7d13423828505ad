package io.anymq.tck;

import io.anymq.Queue;
import io.anymq.policy.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CrashableConsumer} does: it handles some messages, then every further call of its handler blocks until it
 * is killed. Immutable.
 *
 * @param url the broker
 * @param settings further configuration keys
 * @param queue what it consumes
 * @param completes how many handler calls return normally before the rest block
 * @param output where each handler call publishes a message called {@code out-} and the id of its own, or null
 */
public record CrashSpec(
        String url,
        Map<String, String> settings,
        Queue queue,
        int completes,
        @Nullable Queue output) {
    private static final String NO_OUTPUT = "-";

    /** Copies the map. */
    public CrashSpec {
        settings = Map.copyOf(settings);
    }

    /** The same with other settings. */
    public CrashSpec withSettings(Map<String, String> changed) {
        return new CrashSpec(url, changed, queue, completes, output);
    }

    /** Command line arguments for {@link CrashConsumerMain}. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                url,
                queue.name(),
                queue.ordering().name(),
                Integer.toString(completes),
                output == null ? NO_OUTPUT : output.name()));
        new TreeMap<>(settings).forEach((key, value) -> arguments.add(key + "=" + value));
        return arguments;
    }

    /** The inverse of {@link #arguments()}. */
    public static CrashSpec parse(String... arguments) {
        if (arguments.length < 5) {
            throw new IllegalArgumentException("arguments: url queue ordering completes output|- [key=value …]");
        }
        Map<String, String> settings = new TreeMap<>();
        for (int i = 5; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("a setting is written key=value, not " + arguments[i]);
            }
            settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        return new CrashSpec(
                arguments[0],
                settings,
                new Queue(arguments[1], Ordering.valueOf(arguments[2])),
                Integer.parseInt(arguments[3]),
                arguments[4].equals(NO_OUTPUT) ? null : Queue.of(arguments[4]).unordered());
    }
}
