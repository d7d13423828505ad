package io.anymq.tck;

import io.anymq.Queue;
import io.anymq.policy.Ordering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour of a {@link CrashableConsumer}: it handles some messages, then every further call of its handler blocks
 * until it is killed; or it stops at one point with one message. Immutable.
 *
 * @param name under which it writes its history down, unique among all consumers of a rule; {@code -} to write none
 * @param url the broker
 * @param settings further configuration keys
 * @param queue the queue it consumes
 * @param completes how many handler calls return normally before the rest block
 * @param output where each handler call publishes a message called {@code out-} and the id of its own, or null
 * @param stop the point where it stops permanently, or null
 * @param store the folder of a {@link FileStore} by which it recognizes handled messages, or null
 */
public record CrashSpec(
        String name,
        String url,
        Map<String, String> settings,
        Queue queue,
        int completes,
        @Nullable Queue output,
        @Nullable CrashStop stop,
        @Nullable Path store) {
    private static final String NONE = "-";
    private static final int FIXED = 9;

    /** Copies the map. */
    public CrashSpec {
        settings = Map.copyOf(settings);
    }

    /** Handles {@code completes} messages, and has no output. */
    static CrashSpec handling(String url, Map<String, String> settings, Queue queue, int completes) {
        return new CrashSpec(NONE, url, settings, queue, completes, null, null, null);
    }

    /** The same with other settings. */
    public CrashSpec withSettings(Map<String, String> changed) {
        return new CrashSpec(name, url, changed, queue, completes, output, stop, store);
    }

    /** The same, writing its history down under this name. */
    CrashSpec withName(String changed) {
        return new CrashSpec(changed, url, settings, queue, completes, output, stop, store);
    }

    /** Whether it writes its history down. */
    boolean isRecorded() {
        return !name.equals(NONE);
    }

    /** The same with an output. */
    CrashSpec withOutput(Queue changed) {
        return new CrashSpec(name, url, settings, queue, completes, changed, stop, store);
    }

    /** The same, stopping there. */
    CrashSpec withStop(CrashStop changed) {
        return new CrashSpec(name, url, settings, queue, completes, output, changed, store);
    }

    /** The same with this store. */
    CrashSpec withStore(Path changed) {
        return new CrashSpec(name, url, settings, queue, completes, output, stop, changed);
    }

    /** Command line arguments for {@link CrashConsumerMain}. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                name,
                url,
                queue.name(),
                queue.ordering().name(),
                Integer.toString(completes),
                output == null ? NONE : output.name(),
                stop == null ? NONE : stop.point().name(),
                stop == null ? NONE : stop.messageId(),
                store == null ? NONE : store.toAbsolutePath().toString()));
        new TreeMap<>(settings).forEach((key, value) -> arguments.add(key + "=" + value));
        return arguments;
    }

    /** The inverse of {@link #arguments()}. */
    public static CrashSpec parse(String... arguments) {
        if (arguments.length < FIXED) {
            throw new IllegalArgumentException(
                    "arguments: name url queue ordering completes output|- point|- message|- store|- [key=value …]");
        }
        Map<String, String> settings = new TreeMap<>();
        for (int i = FIXED; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("a setting must be written as key=value, but was " + arguments[i]);
            }
            settings.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        return new CrashSpec(
                arguments[0],
                arguments[1],
                settings,
                new Queue(arguments[2], Ordering.valueOf(arguments[3])),
                Integer.parseInt(arguments[4]),
                arguments[5].equals(NONE) ? null : Queue.of(arguments[5]).unordered(),
                arguments[6].equals(NONE) ? null : new CrashStop(CrashPoint.valueOf(arguments[6]), arguments[7]),
                arguments[8].equals(NONE) ? null : Path.of(arguments[8]));
    }
}
