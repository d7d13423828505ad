package io.anymq.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims that may have been stored although they failed, because the answer was lost: their ids by their entries. The
 * latest 10,000; without its id, such a claim is busy until its lease ends. Thread-safe.
 */
final class LostClaims {
    private static final int MOST = 10_000;

    private final Map<EntryId, Long> ids = new LinkedHashMap<>();

    synchronized void add(EntryId entry, long claimId) {
        ids.put(entry, claimId);
        if (ids.size() > MOST) {
            ids.remove(ids.keySet().iterator().next());
        }
    }

    /** Removes and returns the id, so that one caller alone can take the claim for its own. */
    synchronized @Nullable Long take(EntryId entry) {
        return ids.isEmpty() ? null : ids.remove(entry);
    }
}
