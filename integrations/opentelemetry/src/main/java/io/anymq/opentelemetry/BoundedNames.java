package io.anymq.opentelemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the number of different values of a metric's attribute bounded: the first {@code most} stay as they are, all
 * others become {@code other}. Thread-safe.
 */
final class BoundedNames {
    static final String OTHER = "other";

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    BoundedNames(int most) {
        this.most = most;
    }

    String of(String name) {
        if (known.contains(name)) {
            return name;
        }
        // two threads may pass the limit at once, by which it grows by no more than their number
        return known.size() < most && (known.add(name) || known.contains(name)) ? name : OTHER;
    }
}
