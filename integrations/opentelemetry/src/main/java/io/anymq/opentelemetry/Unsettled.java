package io.anymq.opentelemetry;

import io.anymq.Source;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were handled and that the broker has not been told of yet. Bounded: one that is lost to another consumer
 * is never settled here. Thread-safe.
 */
final class Unsettled {
    private static final int MOST = 10_000;

    /** Since when it only waits to be settled, and the span of its latest attempt. */
    record Waiting(Context attempt, Instant since) {}

    private final Map<String, Waiting> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Waiting> eldest) {
            return size() > MOST;
        }
    };

    synchronized void add(Source source, String id, Context attempt, Instant since) {
        waiting.put(key(source, id), new Waiting(attempt, since));
    }

    /** Its dead letter was confirmed: only now it waits to be settled. */
    synchronized void since(Source source, String id, Instant now) {
        waiting.computeIfPresent(key(source, id), (same, before) -> new Waiting(before.attempt(), now));
    }

    synchronized @Nullable Waiting remove(Source source, String id) {
        return waiting.remove(key(source, id));
    }

    private static String key(Source source, String id) {
        return source.path() + '\n' + id;
    }
}
