package io.anymq.bench.scenario;

import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.WarmUp;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run that is yet to be made.
 *
 * @param scenario whose it is
 * @param arm {@code adapter} or {@code raw}
 * @param parameters shown beside the result
 * @param load what is sent; null for an open loop at a share of the maximum
 * @param percentOfMaximum of the throughput measured before; 0 where {@code load} says it all
 * @param warmUp what happens before the measurement
 * @param measureMillis the measured time
 */
public record PlannedRun(
        String scenario,
        String arm,
        Map<String, Object> parameters,
        @Nullable Load load,
        int percentOfMaximum,
        WarmUp warmUp,
        long measureMillis) {
    private static final double START_AND_DRAIN_SECONDS = 1.6;

    /** A guess at how long it takes, from the start of the JVM to its end. */
    public double estimatedSeconds() {
        if (load instanceof Load.SlowDownstream slow) {
            return START_AND_DRAIN_SECONDS + slow.calls() * slow.millis() * 1.4 / 1_000;
        }
        double warm = warmUp.minMillis() + (warmUp.maxMillis() - warmUp.minMillis()) * 0.4;
        return START_AND_DRAIN_SECONDS + (warm + measureMillis) / 1_000;
    }
}
