package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.check.Invariant;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Plays 10,000 seeds, and 1,500 with misbehaving code of the application, the same in every build; {@code
 * -Dsimulation.seeds=1000000 -Dsimulation.first=10001} for others. A seed that fails is printed with the shortest plan
 * that fails like it.
 */
class SeedsTest {
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final long COUNT = Long.getLong("simulation.seeds", 10_000);
    private static final long USER_FAULTS_COUNT = Long.getLong("simulation.user-fault-seeds", 1_500);
    private static final int WORKERS =
            Integer.getInteger("simulation.workers", Runtime.getRuntime().availableProcessors());
    private static final int SHRINKING_RUNS = 1_000;

    /** I9 and I11 need what no plan has: a bound on waiting, and an effect. */
    private static final Set<Invariant> PUT_TO_THE_TEST = EnumSet.complementOf(EnumSet.of(Invariant.I9, Invariant.I11));

    @Test
    void noSeedViolatesAnything() {
        requireClean(new Campaign(FIRST, COUNT, null), COUNT, "");
    }

    @Test
    void noSeedViolatesAnythingWhateverTheApplicationsCodeDoes() {
        requireClean(
                new Campaign(FIRST, USER_FAULTS_COUNT, Simulation::new, PlanGenerator::planWithUserFaults),
                USER_FAULTS_COUNT,
                "--user-faults ");
    }

    private static void requireClean(Campaign campaign, long count, String option) {
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
                .containsAll(count < 1_000 ? Set.of() : PUT_TO_THE_TEST);
    }
}
