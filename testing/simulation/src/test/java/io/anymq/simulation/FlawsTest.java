package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.simulation.flaw.LosesSome;
import io.anymq.simulation.flaw.Reorders;
import io.anymq.simulation.flaw.RepeatsSome;
import io.anymq.simulation.flaw.SettlesEarly;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A defect is found within a few seeds, and what it takes to show it is small. */
class FlawsTest {
    private static final int SEEDS = 100;
    private static final int SHRINKING_RUNS = 500;

    @ParameterizedTest
    @ValueSource(classes = {LosesSome.class, RepeatsSome.class, Reorders.class, SettlesEarly.class})
    void aDefectIsFound(Class<?> flaw) {
        assertThat(new Campaign(1, SEEDS, flaw.getName()).play(1).failed()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"LosesSome,I1,7", "RepeatsSome,I14,6", "Reorders,I5,6"})
    void aFailingPlanShrinksAndReplays(String flaw, String invariant, int most) {
        String name = LosesSome.class.getPackageName() + "." + flaw;
        List<Run> failed = new Campaign(1, SEEDS, name).play(1).failed();
        Run longer = failed.stream()
                .filter(run -> run.violated().equals(java.util.Set.of(invariant)))
                .findFirst()
                .orElseThrow();

        Run shortest = new Shrinker(new Simulation(name), SHRINKING_RUNS).shrink(longer);

        assertThat(shortest.violated()).contains(invariant);
        assertThat(shortest.plan().operations())
                .hasSizeLessThan(longer.plan().operations().size())
                .hasSizeLessThanOrEqualTo(most);
        assertThat(new Simulation(name).run(shortest.plan()).lines()).isEqualTo(shortest.lines());
        assertThat(new Simulation().run(shortest.plan()).isClean())
                .as("the same plan without the defect")
                .isTrue();
    }
}
