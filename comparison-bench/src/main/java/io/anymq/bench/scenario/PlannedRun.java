package io.anymq.bench.scenario;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.WarmUp;
import io.anymq.bench.theory.Demonstrations;
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
 * @param jvm runs of an arm with the same number share a JVM, which is warmed up once; 0 for one of its own
 * @param company runs that follow one another and are in the same company are made side by side; empty for one that is made
 *     alone
 * @param setup what else differs from most runs
 */
public record PlannedRun(
        String scenario,
        String arm,
        Map<String, Object> parameters,
        @Nullable Load load,
        int percentOfMaximum,
        WarmUp warmUp,
        long measureMillis,
        int jvm,
        String company,
        Setup setup) {
    // As real runs of the quick profile came to on two processors.
    private static final double START_SECONDS = 2.2;
    private static final double DRAIN_SECONDS = 0.2;
    private static final double OPEN_SECONDS = 0.4;

    /** Demonstrations have a JVM of their own, which comes last. */
    public static final int THEORY_JVM = Integer.MAX_VALUE;

    /** Made alone, with the usual bodies and policies. */
    public PlannedRun(
            String scenario,
            String arm,
            Map<String, Object> parameters,
            @Nullable Load load,
            int percentOfMaximum,
            WarmUp warmUp,
            long measureMillis,
            int jvm) {
        this(scenario, arm, parameters, load, percentOfMaximum, warmUp, measureMillis, jvm, "", Setup.USUAL);
    }

    /** The same with another set-up. */
    PlannedRun with(Setup other) {
        return new PlannedRun(
                scenario, arm, parameters, load, percentOfMaximum, warmUp, measureMillis, jvm, company, other);
    }

    /**
     * What an arm is set up with.
     *
     * @param payloadBytes size of a body
     * @param handlers handler threads
     * @param policy what the adapter arm asks of AnyMQ
     */
    public record Setup(int payloadBytes, int handlers, Policy policy) {
        /** As in most runs. */
        public static final Setup USUAL = new Setup(1_024, 4, Policy.DEFAULT);
    }

    /** A guess at how long it takes; {@code warm} when an earlier run has warmed its JVM up. */
    public double estimatedSeconds(boolean warm) {
        double seconds = DRAIN_SECONDS + (warm ? 0 : START_SECONDS);
        if (load instanceof Load.Theory theory) {
            return seconds + theory.seconds();
        }
        if (load instanceof Load.SlowDownstream slow) {
            return seconds + (2.0 * slow.calls() + 5) * slow.millis() * 1.1 / 1_000;
        }
        boolean another = setup.policy() != Policy.DEFAULT || setup.handlers() != Setup.USUAL.handlers();
        WarmUp first = !warm ? warmUp : another ? warmUp.anew() : warmUp.again();
        double warming = halfway(first) + (!warm && warmsUp() ? halfway(warmUp.paced()) : 0);
        double opening = warm && another ? OPEN_SECONDS : 0;
        return seconds + opening + (warming + measureMillis) / 1_000;
    }

    private static double halfway(WarmUp bounds) {
        return (bounds.minMillis() + bounds.maxMillis()) / 2.0;
    }

    /** Whether the broker is killed in it: that needs one with nothing else to recover. */
    public boolean killsTheBroker() {
        return load instanceof Load.Theory theory
                && Demonstrations.named(theory.demonstration()).killsTheBroker();
    }

    /** Whether its arm can be warmed up before, for as long as that takes. */
    public boolean warmsUp() {
        return jvm > 0
                && !warmUp.fixed()
                && setup.equals(Setup.USUAL)
                && !(load instanceof Load.Theory)
                && !(load instanceof Load.SlowDownstream);
    }

    /** Whether this run goes on in the JVM of {@code earlier}. */
    public boolean shares(PlannedRun earlier) {
        return sameGroup(earlier) && (arm.equals(earlier.arm) || jvm == THEORY_JVM);
    }

    /** Whether the JVMs of {@code earlier} stay while this run is made. */
    public boolean sameGroup(PlannedRun earlier) {
        return jvm != 0 && jvm == earlier.jvm;
    }

    /** Whether this run is made at the same time as {@code other}. */
    public boolean besides(PlannedRun other) {
        return !company.isEmpty() && company.equals(other.company) && sameGroup(other);
    }
}
