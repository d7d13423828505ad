package io.anymq.micro;

import io.anymq.micro.peer.PeerKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A goal of the in-memory broker, relative to others in the same run.
 *
 * @param measured whose figure is judged
 * @param reference the figure it is divided by; null for an absolute goal
 * @param target the least, which the lower end of the interval has to reach
 */
record Goal(PeerKind measured, @Nullable PeerKind reference, double target) {
    static final List<Goal> ALL = List.of(
            new Goal(PeerKind.ANYMQ, PeerKind.ACTIVEMQ, 10),
            new Goal(PeerKind.ANYMQ, PeerKind.ACTIVEMQ_CONFIRMED, 10),
            new Goal(PeerKind.ANYMQ, PeerKind.ARTEMIS, 20),
            new Goal(PeerKind.ANYMQ, PeerKind.ARTEMIS_CONFIRMED, 20),
            new Goal(PeerKind.ANYMQ, PeerKind.VERTX, 0.5),
            new Goal(PeerKind.ANYMQ, PeerKind.ARRAY_BLOCKING_QUEUE, 0.25),
            new Goal(PeerKind.ANYMQ_IDEMPOTENT, PeerKind.ANYMQ, 0.6),
            new Goal(PeerKind.ANYMQ, null, 1_000_000));

    /** The result; null when one of the two was not measured or is void. */
    @Nullable
    Estimate reached(Map<PeerKind, Estimate> throughputs) {
        Estimate own = throughputs.get(measured);
        if (own == null || reference == null) {
            return own;
        }
        Estimate other = throughputs.get(reference);
        return other == null ? null : own.over(other);
    }

    boolean isMet(Estimate reached) {
        return reached.low() >= target;
    }
}
