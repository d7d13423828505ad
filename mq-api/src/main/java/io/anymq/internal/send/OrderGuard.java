package io.anymq.internal.send;

import io.anymq.policy.Ordering;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers which keys have a gap because a send failed, until the caller has decided about it. */
final class OrderGuard {
    /** Stands for every message of a destination with total order. */
    static final String EVERYTHING = "*";

    private final Ordering ordering;
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private volatile boolean any;

    OrderGuard(Ordering ordering) {
        this.ordering = ordering;
    }

    boolean blocks(@Nullable String key) {
        if (!any) {
            return false;
        }
        String subject = subject(key);
        return subject != null && blocked.contains(subject);
    }

    synchronized void failed(@Nullable String key) {
        String subject = subject(key);
        if (subject != null) {
            blocked.add(subject);
            any = true;
        }
    }

    synchronized void resume(String key) {
        blocked.remove(key);
        any = !blocked.isEmpty();
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
