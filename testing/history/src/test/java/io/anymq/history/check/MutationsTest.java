package io.anymq.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.history.History;
import io.anymq.history.check.SimulatedRecorder.Clocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mutation of a good history that survives is a check that is missing. */
class MutationsTest {
    private static final int SEEDS = 40;
    private static final int LEAST_APPLIED = 8;
    private static final Map<Long, History> HISTORIES = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource
    void mutationIsReportedByItsInvariantAndByNoOther(Mutation mutation) {
        Expectations expectations = Simulation.expectations(Clocks.EXACT);
        int applied = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Draft draft = new Draft(HISTORIES.computeIfAbsent(seed, MutationsTest::history), seed);
            if (!mutation.apply(draft)) {
                continue;
            }
            applied++;
            Report report = HistoryChecker.check(draft.history(), expectations);
            Set<Invariant> violated = report.having(Verdict.VIOLATED);
            assertThat(violated)
                    .as("%s of seed %d:%n%s", mutation, seed, report)
                    .contains(mutation.target);
            Set<Invariant> allowed = EnumSet.of(mutation.target, mutation.alsoLogical);
            assertThat(allowed)
                    .as("%s of seed %d is also reported as something else:%n%s", mutation, seed, report)
                    .containsAll(violated);
            assertThat(report.of(mutation.target).violations()).allSatisfy(violation -> {
                assertThat(violation.proof()).isNotEmpty().hasSizeLessThanOrEqualTo(6);
                assertThat(violation.sentence()).isNotBlank();
            });
        }
        assertThat(applied).as("histories that %s could spoil", mutation).isGreaterThanOrEqualTo(LEAST_APPLIED);
    }

    /** Every other one without faults: in them, more is certain. */
    private static History history(long seed) {
        return Simulation.run(seed, Clocks.EXACT, seed % 2 == 0, 240);
    }

    @Test
    void everyInvariantHasTwoMutations() {
        Map<Invariant, Long> mutations = Arrays.stream(Mutation.values())
                .collect(Collectors.groupingBy(mutation -> mutation.target, Collectors.counting()));
        assertThat(mutations).containsOnlyKeys(Invariant.values());
        assertThat(mutations.values()).allMatch(count -> count >= 2);
    }

    /** The documentation lists them; a list that lags behind would promise what is not tested. */
    @ParameterizedTest
    @EnumSource(Invariant.class)
    void documentationListsEveryMutation(Invariant invariant) throws IOException {
        String names = Arrays.stream(Mutation.values())
                .filter(mutation -> mutation.target == invariant)
                .map(mutation -> "`" + mutation + "`")
                .collect(Collectors.joining(", "));
        assertThat(Files.readAllLines(Path.of("..", "..", "docs", "history-checker.md")))
                .contains("| " + invariant + " | " + names + " |");
    }
}
