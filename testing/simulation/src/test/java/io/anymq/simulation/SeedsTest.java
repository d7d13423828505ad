package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.check.Invariant;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Plays 10,000 seeds, and 1,500 each with misbehaving code of the application and with operators, the same in every build; {@code
 * -Dsimulation.seeds=1000000 -Dsimulation.first=10001} for others. A seed that fails is printed with the shortest plan
 * that fails like it.
 */
class SeedsTest {
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final long COUNT = Long.getLong("simulation.seeds", 10_000);
    private static final long USER_FAULTS_COUNT = Long.getLong("simulation.user-fault-seeds", 1_500);
    private static final long OPERATORS_COUNT = Long.getLong("simulation.operator-seeds", 1_500);
    private static final int WORKERS =
            Integer.getInteger("simulation.workers", Runtime.getRuntime().availableProcessors());
    private static final int SHRINKING_RUNS = 1_000;

    /** I9 needs a wait that is longer than all else, which plans with operators alone have. */
    private static final Set<Invariant> USUAL = EnumSet.complementOf(EnumSet.of(Invariant.I9));

    /** I11 needs that nothing breaks. */
    private static final Set<Invariant> WITH_USER_FAULTS =
            EnumSet.complementOf(EnumSet.of(Invariant.I9, Invariant.I11));

    @Test
    void noSeedViolatesAnything() {
        requireClean(new Campaign(FIRST, COUNT, null), COUNT, "", USUAL);
    }

    @Test
    void noSeedViolatesAnythingWhateverTheApplicationsCodeDoes() {
        requireClean(
                new Campaign(FIRST, USER_FAULTS_COUNT, Simulation::new, PlanGenerator::planWithUserFaults),
                USER_FAULTS_COUNT,
                "--user-faults ",
                WITH_USER_FAULTS);
    }

    @Test
    void noSeedViolatesAnythingWhateverOperatorsDo() {
        requireClean(
                new Campaign(FIRST, OPERATORS_COUNT, Simulation::new, PlanGenerator::planWithOperators),
                OPERATORS_COUNT,
                "--operators ",
                EnumSet.allOf(Invariant.class));
    }

    private static void requireClean(Campaign campaign, long count, String option, Set<Invariant> putToTheTest) {
        campaign.play(WORKERS);
        System.out.println(campaign);

        List<Run> failed = campaign.failed();
        if (!failed.isEmpty()) {
            Run shortest = new Shrinker(new Simulation(), SHRINKING_RUNS).shrink(failed.get(0));
            throw new AssertionError("seed " + failed.get(0).plan().seed() + " fails (replay it with testing/simulate "
                    + option + failed.get(0).plan().seed() + "), as do " + campaign
                    + "\n\nthe shortest plan that fails like it:\n"
                    + shortest.describe());
        }
        assertThat(campaign.runs()).isEqualTo(count);
        assertThat(campaign.facts().entrySet().stream()
                        .filter(facts -> facts.getValue() > 0)
                        .map(java.util.Map.Entry::getKey))
                .as("what had something to check")
                .containsAll(count < 1_000 ? Set.of() : putToTheTest);
    }
}
