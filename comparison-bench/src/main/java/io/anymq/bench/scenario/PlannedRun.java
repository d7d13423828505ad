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
 * @param jvm runs of an arm with the same number that follow one another share a JVM, which is warmed up once; 0 for one
 *     of its own
 */
public record PlannedRun(
        String scenario,
        String arm,
        Map<String, Object> parameters,
        @Nullable Load load,
        int percentOfMaximum,
        WarmUp warmUp,
        long measureMillis,
        int jvm) {
    private static final double START_AND_DRAIN_SECONDS = 1.6;
    private static final double AGAIN_AND_DRAIN_SECONDS = 1.3;

    /** How many pairs share two JVMs: few enough that no verdict rests on how one JVM happened to compile. */
    static final int PAIRS_PER_JVM = 4;

    /** The number of the JVM that makes this repetition or pair, the first being 1. */
    static int jvmOf(int repetition) {
        return 1 + (repetition - 1) / PAIRS_PER_JVM;
    }

    /** A guess at how long it takes; {@code warm} when an earlier run has warmed its JVM up. */
    public double estimatedSeconds(boolean warm) {
        if (load instanceof Load.Theory theory) {
            return START_AND_DRAIN_SECONDS + theory.seconds();
        }
        if (load instanceof Load.SlowDownstream slow) {
            return START_AND_DRAIN_SECONDS + slow.calls() * slow.millis() * 1.4 / 1_000;
        }
        if (warm) {
            return AGAIN_AND_DRAIN_SECONDS + measureMillis / 1_000.0;
        }
        double warming = warmUp.minMillis() + (warmUp.maxMillis() - warmUp.minMillis()) * 0.4;
        return START_AND_DRAIN_SECONDS + (warming + measureMillis) / 1_000;
    }

    /** Whether this run goes on in the JVM of {@code earlier}. */
    public boolean shares(PlannedRun earlier) {
        return sameGroup(earlier) && arm.equals(earlier.arm);
    }

    /** Whether the JVMs of {@code earlier} stay while this run is made. */
    public boolean sameGroup(PlannedRun earlier) {
        return jvm != 0 && jvm == earlier.jvm;
    }
}
