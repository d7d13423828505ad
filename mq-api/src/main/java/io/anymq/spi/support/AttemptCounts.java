package io.anymq.spi.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anymq.API;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How often messages were tried, for a broker that does not count attempts but can keep records beside the messages. The
 * records of a message may be read more than once and in any order: each outdates those before it, also when it says
 * less because an attempt was taken back. Remembers the 524,288 messages that were asked for last. Thread-safe.
 *
 * <pre>{@code
 * write(counts.record(Map.of(message.identity(), 2)));
 * …
 * records.forEach(counts::read);
 * Integer attempts = counts.of(message.identity());
 * }</pre>
 */
@API(API.Status.EXPERIMENTAL)
public final class AttemptCounts {
    private static final int MOST = 1 << 19;

    /** The upper half numbers the records of a message, so the largest is the latest; the lower half is the attempts. */
    private final Map<String, Long> latest = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    });

    /** Nothing is known. */
    public AttemptCounts() {}

    /** The attempts at a message according to its latest record, or null without one. */
    public @Nullable Integer of(String identity) {
        Long record = latest.get(identity);
        return record == null ? null : record.intValue();
    }

    /** The record that says so from now on; one line for each message, whose identity must hold no line break. */
    public byte[] record(Map<String, Integer> attempts) {
        attempts.forEach((identity, count) -> latest.compute(identity, (key, before) -> {
            long number = before == null ? 0 : before >>> 32;
            return ((number + 1) << 32) | Math.max(0, count);
        }));
        return text(attempts.keySet());
    }

    /** One record that says the same as all that were read and written for these messages. */
    public byte[] merged(Collection<String> identities) {
        return text(identities);
    }

    private byte[] text(Collection<String> identities) {
        return identities.stream()
                .map(identity -> identity + " " + latest.getOrDefault(identity, 0L))
                .collect(Collectors.joining("\n"))
                .getBytes(UTF_8);
    }

    /**
     * Takes a record that was kept by this process or another; what is no record changes nothing.
     *
     * @return the messages that it names
     */
    public Collection<String> read(byte[] record) {
        Map<String, Long> found = new HashMap<>();
        new String(record, UTF_8).lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                found.merge(line.substring(0, space), LazyMessage.millis(line.substring(space + 1), 0), Math::max);
            }
        });
        found.forEach((identity, number) -> latest.merge(identity, number, Math::max));
        return found.keySet();
    }
}
