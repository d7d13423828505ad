package io.anymq.bench.scenario;

import io.anymq.bench.measure.WarmUp;
import java.util.List;
import java.util.Locale;

/** How thorough a comparison is. Immutable. */
public enum Profile {
    /** Does it work at all; figures are hints. In-memory only it ends within a minute. */
    SMOKE,
    /** Every scenario, and enough pairs for a verdict on the overhead; all six brokers within a quarter of an hour. */
    QUICK,
    /** More pairs, longer runs, the latency at every load; all six brokers within an hour and a half. */
    FULL;

    /** Before the first measurement of a JVM. */
    public WarmUp warmUp() {
        return switch (this) {
            case SMOKE -> new WarmUp(800, 800);
            case QUICK -> new WarmUp(6_000, 12_000);
            case FULL -> new WarmUp(10_000, 25_000);
        };
    }

    /** The measured time of a run. */
    public long measureMillis() {
        return pick(1_200, 1_500, 3_500);
    }

    /** The measured time where there are many runs, and no verdict is asked for with few pairs. */
    public long briefMillis() {
        return pick(1_000, 600, 2_500);
    }

    /** The measured time at the share of the capacity that goals are about. */
    public long latencyMillis() {
        return pick(1_200, 800, 3_500);
    }

    /** The measured time at 10 messages a second: it takes longer to get a median of anything. */
    public long trickleMillis() {
        return pick(2_000, 1_500, 6_000);
    }

    /** Pairs of the overhead scenario, unless told otherwise. */
    public int pairs() {
        return pick(2, 6, 10);
    }

    /**
     * How many pairs share two JVMs: few enough that no verdict rests on how one JVM happened to compile. In QUICK there is time
     * to warm up two of them only, and four half as warm would say less.
     */
    public int pairsPerJvm() {
        return pick(4, 6, 5);
    }

    /** Pairs of the plain client against itself, besides those that the overhead's runs make. */
    public int noisePairs() {
        return pick(1, 0, 2);
    }

    /** Runs per window and arm. */
    public int throughputRepetitions() {
        return pick(1, 1, 3);
    }

    /** Loads, in percent of the measured maximum. */
    public List<Integer> latencyPercents() {
        return this == FULL ? List.of(10, 30, 60, 80) : List.of(30);
    }

    /** Pairs at the load that goals are about. */
    public int latencyPairs() {
        return pick(1, 6, 10);
    }

    /** Pairs at other loads. */
    public int latencyRepetitions() {
        return pick(1, 1, 2);
    }

    /** Whether latency is measured at 10 messages a second, too. */
    public boolean trickle() {
        return this != SMOKE;
    }

    /** Whether the payload scenario has every size; 1 KB is what nearly all other runs send. */
    public boolean everySize() {
        return this == FULL;
    }

    /** Runs per size and arm of the payload scenario. */
    public int payloadRepetitions() {
        return pick(1, 1, 2);
    }

    /** Rounds of the policy-cost scenario, each of them a pair for every comparison. */
    public int policyRounds() {
        return pick(1, 1, 6);
    }

    /** How often the broker is killed. */
    public int crashes() {
        return pick(1, 1, 6);
    }

    /** Whether demonstrations take their time. */
    public boolean thorough() {
        return this == FULL;
    }

    /** How slow the service of async-response is. */
    public List<Integer> downstreamMillis() {
        return switch (this) {
            case SMOKE -> List.of(5);
            case QUICK -> List.of(5, 50);
            case FULL -> List.of(1, 5, 50, 200);
        };
    }

    /** Calls of async-response. */
    public int downstreamCalls() {
        return pick(40, 12, 60);
    }

    private int pick(int smoke, int quick, int full) {
        return switch (this) {
            case SMOKE -> smoke;
            case QUICK -> quick;
            case FULL -> full;
        };
    }

    /** The number of the JVM that makes this repetition or pair, the first being 1. */
    int jvmOf(int repetition) {
        return 1 + (repetition - 1) / pairsPerJvm();
    }

    /** As in {@code --profile}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
