package io.anymq.bench.scenario;

import io.anymq.bench.arm.Policy;
import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.WarmUp;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.theory.Demonstrations;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run that has not been made yet.
 *
 * @param scenario whose it is
 * @param arm {@code adapter} or {@code raw}
 * @param parameters shown beside the result
 * @param load what is sent
 * @param warmUp what happens before the measurement
 * @param measureMillis the measured time
 * @param jvm runs of an arm with the same number share a JVM, which is warmed up once
 * @param group consecutive runs of the same group are made side by side; empty for a run that is made alone
 * @param setup what else differs from most runs
 */
public record PlannedRun(
        String scenario,
        String arm,
        Map<String, Object> parameters,
        Load load,
        WarmUp warmUp,
        long measureMillis,
        int jvm,
        String group,
        Setup setup) {
    // Measured in runs of the quick profile on two processors.
    private static final double START_SECONDS = 2.2;
    private static final double DRAIN_SECONDS = 0.2;
    private static final double OPEN_SECONDS = 0.4;

    /** Demonstrations have their own JVM, which comes last. */
    public static final int THEORY_JVM = Integer.MAX_VALUE;

    /** The same with another set-up. */
    PlannedRun with(Setup other) {
        return new PlannedRun(scenario, arm, parameters, load, warmUp, measureMillis, jvm, group, other);
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

    /** This run as one of a broker's results, with a copy of its parameters. */
    public RunResult.Run named(String id, String broker) {
        return new RunResult.Run(id, broker, arm, scenario, new LinkedHashMap<>(parameters));
    }

    /** An estimate of how long it takes; {@code warm} if an earlier run has warmed its JVM up. */
    public double estimatedSeconds(boolean warm) {
        double seconds = DRAIN_SECONDS + (warm ? 0 : START_SECONDS);
        if (load instanceof Load.Theory theory) {
            return seconds + theory.seconds();
        }
        boolean another = setup.policy() != Policy.DEFAULT || setup.handlers() != Setup.USUAL.handlers();
        WarmUp first = !warm ? warmUp : another ? warmUp.forAnotherArm() : warmUp.again();
        double warming = halfway(first) + (!warm && warmsUp() ? halfway(warmUp.paced()) : 0);
        double opening = warm && another ? OPEN_SECONDS : 0;
        return seconds + opening + (warming + measureMillis) / 1_000;
    }

    private static double halfway(WarmUp bounds) {
        return (bounds.minMillis() + bounds.maxMillis()) / 2.0;
    }

    /** Whether it kills the broker, which then must not have anything else to recover. */
    public boolean killsTheBroker() {
        return load instanceof Load.Theory theory
                && Demonstrations.named(theory.demonstration()).killsTheBroker();
    }

    /** Whether its arm can be warmed up in advance. */
    public boolean warmsUp() {
        return !warmUp.fixed() && setup.equals(Setup.USUAL) && !(load instanceof Load.Theory);
    }

    /** Whether the JVMs of {@code earlier} stay alive for this run. */
    public boolean sameGroup(PlannedRun earlier) {
        return jvm == earlier.jvm;
    }

    /** Whether this run is made at the same time as {@code other}. */
    public boolean besides(PlannedRun other) {
        return !group.isEmpty() && group.equals(other.group) && sameGroup(other);
    }
}
