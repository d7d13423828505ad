package io.anymq.internal.send;

import io.anymq.policy.Ordering;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers which keys have a gap because a send failed, until the caller has decided about it. */
final class OrderGuard {
    /** Stands for every message of a destination with total order. */
    static final String EVERYTHING = "*";

    /** With more keys than this blocked, all are: the set must not grow with the number of keys. */
    static final int MOST_KEYS = 10_000;

    private final Ordering ordering;
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private volatile boolean any;
    private volatile boolean all;

    OrderGuard(Ordering ordering) {
        this.ordering = ordering;
    }

    boolean blocks(@Nullable String key) {
        if (!any) {
            return false;
        }
        String subject = subject(key);
        return subject != null && (all || blocked.contains(subject));
    }

    synchronized void failed(@Nullable String key) {
        String subject = subject(key);
        if (subject != null) {
            if (blocked.size() < MOST_KEYS) {
                blocked.add(subject);
            } else if (!blocked.contains(subject)) {
                all = true;
            }
            any = true;
        }
    }

    synchronized void resume(String key) {
        blocked.remove(key);
        any = all || !blocked.isEmpty();
    }

    synchronized void resume() {
        blocked.clear();
        all = false;
        any = false;
    }

    /** Whether resuming one key frees nothing, because not all that are blocked are known. */
    boolean blocksAll() {
        return all || ordering == Ordering.TOTAL;
    }

    Set<String> blockedKeys() {
        return Set.copyOf(blocked);
    }

    private @Nullable String subject(@Nullable String key) {
        return switch (ordering) {
            case UNORDERED -> null;
            case PER_KEY -> key;
            case TOTAL -> EVERYTHING;
        };
    }
}
