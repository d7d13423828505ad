package io.anymq.bench.scenario;

import io.anymq.bench.measure.WarmUp;
import io.anymq.bench.result.Json;
import java.util.List;
import java.util.Locale;

/** How thorough a comparison is; the figures are in {@code profiles.json}. Immutable. */
public enum Profile {
    /** Does it work at all; figures are hints. In-memory only it ends within a minute. */
    SMOKE,
    /** Every scenario, and enough pairs for a verdict on the overhead; all six brokers within a quarter of an hour. */
    QUICK,
    /** More pairs, longer runs, the latency at every load; all six brokers within an hour and a half. */
    FULL;

    @SuppressWarnings("ImmutableEnumChecker") // a record of immutable values
    private final Extent extent = Json.resource(Profile.class, "profiles.json", Extent.class, toString());

    /**
     * How much is measured.
     *
     * @param warmUp before the first measurement of a JVM
     * @param measureMillis the measured time of a run
     * @param briefMillis the same where there are many runs, and no verdict is asked for with few pairs
     * @param latencyMillis the same at the share of the capacity that goals are about
     * @param trickleMillis the same at 10 messages a second: it takes longer to get a median of anything
     * @param pairs pairs of the overhead scenario, unless told otherwise
     * @param pairsPerJvm how many pairs share two JVMs: few enough that no verdict rests on how one JVM happened to compile. In
     *     QUICK there is time to warm up two of them only, and four half as warm would say less
     * @param throughputRepetitions runs per window and arm
     * @param latencyPercents loads, in percent of the measured maximum
     * @param latencyPairs pairs at the load that goals are about
     * @param latencyRepetitions pairs at other loads
     * @param trickle whether latency is measured at 10 messages a second, too
     * @param everySize whether the payload scenario has every size; 1 KB is what nearly all other runs send
     * @param payloadRepetitions runs per size and arm of the payload scenario
     * @param policyRounds rounds of the policy-cost scenario, each of them a pair for every comparison
     * @param crashes how often the broker is killed
     * @param thorough whether demonstrations take their time
     */
    public record Extent(
            WarmUp warmUp,
            long measureMillis,
            long briefMillis,
            long latencyMillis,
            long trickleMillis,
            int pairs,
            int pairsPerJvm,
            int throughputRepetitions,
            List<Integer> latencyPercents,
            int latencyPairs,
            int latencyRepetitions,
            boolean trickle,
            boolean everySize,
            int payloadRepetitions,
            int policyRounds,
            int crashes,
            boolean thorough) {}

    /** How much it measures. */
    public Extent extent() {
        return extent;
    }

    /** As in {@code --profile}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
