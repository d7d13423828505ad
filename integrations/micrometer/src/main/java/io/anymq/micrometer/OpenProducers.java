package io.anymq.micrometer;

import io.anymq.Producer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** The producers of one destination. Thread-safe. */
final class OpenProducers {
    private final Set<Producer<?>> open = ConcurrentHashMap.newKeySet();

    void opened(Producer<?> producer) {
        open.add(producer);
    }

    void closed(Producer<?> producer) {
        open.remove(producer);
    }

    double sum(ToIntFunction<Producer<?>> what) {
        return open.stream().mapToInt(what).sum();
    }
}
