package io.anymq.micrometer;

import io.anymq.ErrorCode;
import io.anymq.MessagingException;
import io.anymq.Source;
import io.micrometer.observation.Observation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settlements that are under way, and those that begin when a dead letter is confirmed. Bounded: a message that is
 * lost to another consumer is never settled here. Thread-safe.
 */
final class Unsettled {
    private static final int MOST = 10_000;

    /** {@code settlement} is null while it is not known whether there is another attempt. */
    private record Pending(Observation attempt, @Nullable Observation settlement) {}

    private final Map<String, Pending> pending = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
            if (size() <= MOST) {
                return false;
            }
            lost(eldest.getValue());
            return true;
        }
    };

    synchronized void failed(Source source, String id, Observation attempt) {
        put(source, id, new Pending(attempt, null));
    }

    synchronized void handled(Source source, String id, Observation attempt, Observation settlement) {
        put(source, id, new Pending(attempt, settlement.start()));
    }

    private void put(Source source, String id, Pending next) {
        Pending before = pending.put(key(source, id), next);
        if (before != null) {
            lost(before);
        }
    }

    /** The message was given up: from now on it only waits to be settled. */
    synchronized void givenUp(Source source, String id, Function<Observation, Observation> settlementOf) {
        pending.computeIfPresent(
                key(source, id),
                (same, before) -> before.settlement() == null
                        ? new Pending(
                                before.attempt(),
                                settlementOf.apply(before.attempt()).start())
                        : before);
    }

    synchronized void settled(Source source, String id) {
        Pending found = pending.remove(key(source, id));
        Observation settlement = found == null ? null : found.settlement();
        if (settlement != null) {
            settlement.stop();
        }
    }

    private static void lost(Pending one) {
        Observation settlement = one.settlement();
        if (settlement != null) {
            settlement.error(new MessagingException(
                    ErrorCode.UNAVAILABLE,
                    "the message was not settled here: it went to another consumer",
                    true,
                    null));
            settlement.stop();
        }
    }

    private static String key(Source source, String id) {
        return source.path() + '\n' + id;
    }
}
