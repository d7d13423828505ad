package io.anymq.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims that may have been stored although they failed, because the answer was lost: their ids by scope and key. The
 * latest 10,000; without its id, such a claim is busy until its lease ends. Thread-safe.
 */
final class LostClaims {
    private static final int MOST = 10_000;

    private record Entry(String scope, String key) {}

    private final Map<Entry, String> ids = new LinkedHashMap<>();

    synchronized void add(String scope, String key, String claimId) {
        ids.put(new Entry(scope, key), claimId);
        if (ids.size() > MOST) {
            ids.remove(ids.keySet().iterator().next());
        }
    }

    /** Removes and returns the id, so that one caller alone can take the claim for its own. */
    synchronized @Nullable String take(String scope, String key) {
        return ids.isEmpty() ? null : ids.remove(new Entry(scope, key));
    }
}
