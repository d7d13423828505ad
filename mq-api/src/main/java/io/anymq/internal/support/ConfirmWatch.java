package io.anymq.internal.support;

import io.anymq.Health;
import io.anymq.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client's sends are confirmed. That a broker answers a probe says little about that: one that has lost its
 * quorum, or has too few replicas in sync, answers and confirms nothing. Thread-safe.
 */
public final class ConfirmWatch {
    /**
     * Sends that are open for so long without any confirm, and for so long a failure that no confirm has followed, make
     * a client DEGRADED. Long enough for the election of a leader, and a tenth of the default send time-out.
     */
    public static final Duration BOUND = Duration.ofSeconds(3);

    private static final long BOUND_NANOS = BOUND.toNanos();

    private final Set<Sends> all = ConcurrentHashMap.newKeySet();

    /** Watches the sends to one destination, until they are {@linkplain Sends#close closed}. */
    public Sends open(String destination, TimeSource time) {
        Sends sends = new Sends(destination, time);
        all.add(sends);
        return sends;
    }

    /** What a probe of the broker says, unless the sends say that it confirms nothing. */
    public Health with(Health probed) {
        if (probed.status() == Health.Status.DOWN) {
            return probed;
        }
        String[] troubles = all.stream()
                .flatMap(sends -> Stream.ofNullable(sends.trouble()))
                .toArray(String[]::new);
        return troubles.length == 0
                ? probed
                : Health.degraded(probed.detail() + ", but " + String.join("; ", troubles));
    }

    /** The sends to one destination. */
    public final class Sends {
        private final String destination;
        private final TimeSource time;

        /** Since the last look: so a confirm costs a read, and no clock. */
        private volatile boolean confirmed;

        private volatile @Nullable Failure failure;
        private volatile @Nullable String stalled;

        /** For the thread that looks. */
        private long lastConfirm;

        private record Failure(String text, long at) {}

        private Sends(String destination, TimeSource time) {
            this.destination = destination;
            this.time = time;
            this.lastConfirm = time.nanoTime();
        }

        /** A send was confirmed. */
        public void confirmed() {
            if (!confirmed) {
                confirmed = true;
            }
            if (failure != null || stalled != null) {
                failure = null;
                stalled = null;
            }
        }

        /** A send, or an attempt that is repeated, failed for a reason that may pass. */
        public void failed(@Nullable String reason) {
            failure = new Failure(Objects.requireNonNullElse(reason, "without a reason"), time.nanoTime());
        }

        /**
         * Called several times a second.
         *
         * @param open how many sends have no outcome
         * @param oldest when the oldest of them began, if there are any
         * @param now the time
         */
        public void look(int open, long oldest, long now) {
            if (confirmed) {
                confirmed = false;
                lastConfirm = now;
            }
            long since = lastConfirm - oldest > 0 ? lastConfirm : oldest;
            stalled = open > 0 && now - since >= BOUND_NANOS
                    ? "none of " + open + " sends to " + destination + " has been confirmed for "
                            + (now - since) / 1_000_000_000 + " s"
                    : null;
        }

        private @Nullable String trouble() {
            Failure last = failure;
            String open = stalled;
            if (last == null) {
                return open;
            }
            if (open != null) {
                return open + ", and the last failure was: " + last.text();
            }
            return time.nanoTime() - last.at() < BOUND_NANOS
                    ? "the last send to " + destination + " failed: " + last.text()
                    : null;
        }

        /** Nothing is sent there any more. */
        public void close() {
            all.remove(this);
        }
    }
}
