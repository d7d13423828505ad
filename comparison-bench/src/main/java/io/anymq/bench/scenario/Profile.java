package io.anymq.bench.scenario;

import io.anymq.bench.measure.WarmUp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How thorough a comparison is. Immutable. */
public enum Profile {
    /** Does it work at all; figures are hints. In-memory only it ends within a minute. */
    SMOKE(new WarmUp(800, 800), 1_200, 2, 1, 1, "30", 1, false, "5", 40),
    /** Enough pairs for a verdict on the overhead; about 7½ minutes a broker. */
    QUICK(new WarmUp(5_000, 30_000), 3_000, 6, 1, 1, "30", 1, true, "5 50", 30),
    /** More pairs, and the latency at every load; about 30 minutes a broker. */
    FULL(new WarmUp(10_000, 40_000), 10_000, 12, 6, 3, "10 30 60", 3, true, "1 5 50 200", 100);

    private static final long TRICKLE_MILLIS = 10_000;

    private final long warmUpMinMillis;
    private final long warmUpMaxMillis;
    private final long measureMillis;
    private final int pairs;
    private final int noisePairs;
    private final int throughputRepetitions;
    private final String latencyPercents;
    private final int latencyRepetitions;
    private final boolean trickle;
    private final String downstreamMillis;
    private final int downstreamCalls;

    Profile(
            WarmUp warmUp,
            long measureMillis,
            int pairs,
            int noisePairs,
            int throughputRepetitions,
            String latencyPercents,
            int latencyRepetitions,
            boolean trickle,
            String downstreamMillis,
            int downstreamCalls) {
        this.warmUpMinMillis = warmUp.minMillis();
        this.warmUpMaxMillis = warmUp.maxMillis();
        this.measureMillis = measureMillis;
        this.pairs = pairs;
        this.noisePairs = noisePairs;
        this.throughputRepetitions = throughputRepetitions;
        this.latencyPercents = latencyPercents;
        this.latencyRepetitions = latencyRepetitions;
        this.trickle = trickle;
        this.downstreamMillis = downstreamMillis;
        this.downstreamCalls = downstreamCalls;
    }

    /** Before the first measurement of a JVM. */
    public WarmUp warmUp() {
        return new WarmUp(warmUpMinMillis, warmUpMaxMillis);
    }

    /** The measured time of a run. */
    public long measureMillis() {
        return measureMillis;
    }

    /** Pairs of the overhead scenario, unless told otherwise. */
    public int pairs() {
        return pairs;
    }

    /** Pairs of the plain client against itself. */
    public int noisePairs() {
        return noisePairs;
    }

    /** Runs per window and arm. */
    public int throughputRepetitions() {
        return throughputRepetitions;
    }

    /** Loads, in percent of the measured maximum. */
    public List<Integer> latencyPercents() {
        return numbers(latencyPercents);
    }

    /** Runs per load and arm. */
    public int latencyRepetitions() {
        return latencyRepetitions;
    }

    /** Whether latency is measured at 10 messages a second, too. */
    public boolean trickle() {
        return trickle;
    }

    /** The measured time at 10 messages a second: it takes longer to get a median of anything. */
    public long trickleMillis() {
        return TRICKLE_MILLIS;
    }

    /** How slow the service of async-response is. */
    public List<Integer> downstreamMillis() {
        return numbers(downstreamMillis);
    }

    /** Calls of async-response. */
    public int downstreamCalls() {
        return downstreamCalls;
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
    }

    /** As in {@code --profile}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
