package io.anymq.internal.support;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a consumer from its work at the moment, by cause, such as a store that does not answer. Its health is
 * DEGRADED while there is anything. Thread-safe.
 */
public final class Restrictions {
    private final Map<String, String> current = new LinkedHashMap<>();
    private final Runnable changed;
    private volatile boolean any;

    /** {@code changed} runs when the first cause appears and when the last one has disappeared. */
    public Restrictions(Runnable changed) {
        this.changed = changed;
    }

    /** The cause holds, or still holds, and {@code detail} describes it to an operator. */
    public void add(String cause, String detail) {
        boolean first;
        synchronized (current) {
            first = current.isEmpty();
            current.put(cause, detail);
            any = true;
        }
        if (first) {
            changed.run();
        }
    }

    /** The cause holds no more. Costs one read while nothing holds. */
    public void remove(String cause) {
        if (!any) {
            return;
        }
        boolean last;
        synchronized (current) {
            last = current.remove(cause) != null && current.isEmpty();
            any = !current.isEmpty();
        }
        if (last) {
            changed.run();
        }
    }

    /** The oldest of what holds and the number of the others, or null. */
    public @Nullable String detail() {
        if (!any) {
            return null;
        }
        synchronized (current) {
            int others = current.size() - 1;
            return current.values().stream()
                    .findFirst()
                    .map(oldest -> others == 0 ? oldest : oldest + " (and " + others + " more)")
                    .orElse(null);
        }
    }
}
