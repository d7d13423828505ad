package io.anymq.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.History;
import io.anymq.history.check.SimulatedRecorder.Clocks;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A checker that cries wolf is switched off, so a thousand good histories must pass, and every check must have work. */
class GoodHistoriesTest {
    private static final int SEEDS = Integer.getInteger("history.seeds", 1_000);
    private static final List<Clocks> CLOCKS = List.of(Clocks.values());
    private static final Set<Invariant> ALL = EnumSet.allOf(Invariant.class);

    @Test
    void goodHistoriesGiveNoViolation() {
        Map<Invariant, Long> facts = new EnumMap<>(Invariant.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            Clocks clocks = CLOCKS.get((int) (seed % CLOCKS.size()));
            Report report = check(seed, clocks);
            assertThat(report.having(Verdict.VIOLATED))
                    .as("seed %d with %s clocks:%n%s", seed, clocks, report)
                    .isEmpty();
            report.results().forEach(result -> facts.merge(result.invariant(), result.facts(), Long::sum));
        }
        assertThat(facts)
                .allSatisfy((invariant, count) ->
                        assertThat(count).as("facts for %s", invariant).isGreaterThan(SEEDS));
    }

    @Test
    void oneSeedIsOneHistory() {
        for (long seed = 0; seed < 20; seed++) {
            History first = Simulation.run(seed, Clocks.EXACT, true, 100);
            assertThat(Simulation.run(seed, Clocks.EXACT, true, 100).entries()).isEqualTo(first.entries());
        }
    }

    @Test
    void aHistoryOfSomeLengthProvesEverything() {
        History history = Simulation.run(7, Clocks.EXACT, true, 2_000);
        HistoryChecker.check(history, Simulation.expectations(Clocks.EXACT))
                .requireClean()
                .requireProven(ALL);
    }

    private static Report check(long seed, Clocks clocks) {
        History history = Simulation.run(seed, clocks, true, 120);
        return HistoryChecker.check(history, Simulation.expectations(clocks));
    }
}
