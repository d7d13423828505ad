package io.anymq.simulation;

import io.anymq.simulation.plan.Operation;
import io.anymq.simulation.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan that fails shorter: leaves operations out, halves first, as long as one of the same invariants is still
 * violated. Fewer operations mean other interleavings, so each attempt is played with a few seeds of the scheduler.
 */
public final class Shrinker {
    private static final int SEEDS = 4;

    private final Simulation simulation;
    private final int mostRuns;
    private int runs;

    /** Stops after so many runs with the best that it has. */
    public Shrinker(Simulation simulation, int mostRuns) {
        this.simulation = simulation;
        this.mostRuns = mostRuns;
    }

    /** The shortest run found with one of the violations of {@code failed}; that one itself if there is none. */
    public Run shrink(Run failed) {
        runs = 0;
        Set<String> wanted = failed.violated();
        Run best = failed;
        int chunk = Math.max(1, best.plan().operations().size() / 2);
        while (runs < mostRuns) {
            Run shorter = withoutAChunk(best, chunk, wanted);
            if (shorter != null) {
                best = shorter;
                chunk = Math.max(1, Math.min(chunk, best.plan().operations().size() / 2));
            } else if (chunk == 1) {
                break;
            } else {
                chunk = chunk / 2;
            }
        }
        return best;
    }

    private @Nullable Run withoutAChunk(Run best, int chunk, Set<String> wanted) {
        List<Operation> operations = best.plan().operations();
        for (int from = 0; from < operations.size(); from += chunk) {
            List<Operation> fewer = new ArrayList<>(operations);
            fewer.subList(from, Math.min(operations.size(), from + chunk)).clear();
            Plan candidate = best.plan().withOperations(fewer);
            for (int i = 0; i < SEEDS && runs < mostRuns; i++) {
                runs++;
                Run run = simulation.run(candidate.withSeed(candidate.seed() + i));
                if (run.violated().stream().anyMatch(wanted::contains)) {
                    return run;
                }
            }
        }
        return null;
    }
}
