package io.anymq.tck;

import io.anymq.tck.flaw.Flaw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Runs the rule of each flaw on an adapter that has it. Rules wait more than they compute, and each has a broker of its
 * own here, so most of them run side by side.
 */
final class FlawRuns {
    private static final int SIDE_BY_SIDE = 16;

    /** Long enough for what is sound on a busy machine: a rule must fail for its flaw and for nothing else. */
    private static final Duration PATIENCE_SIDE_BY_SIDE = Duration.ofSeconds(6);

    /** Rules that look at the threads or files of the whole process, where other runs would show. */
    private static final Set<String> WHOLE_PROCESS = Set.of("LIF-5", "LIF-13", "LIF-14", "LIF-16", "NET-4");

    private static final Duration PATIENCE_ALONE = Duration.ofSeconds(3);

    private FlawRuns() {}

    /** Each flaw with its result: first those that run side by side, then one after another. */
    static Stream<Arguments> all() throws InterruptedException, ExecutionException {
        EnumSet<Flaw> alone = EnumSet.allOf(Flaw.class);
        alone.removeIf(flaw -> !WHOLE_PROCESS.contains(flaw.rule()));
        List<Arguments> sideBySide = sideBySide(EnumSet.complementOf(alone));
        return Stream.concat(sideBySide.stream(), alone.stream().map(flaw -> run(flaw, PATIENCE_ALONE)));
    }

    private static List<Arguments> sideBySide(Set<Flaw> flaws) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            List<Future<Arguments>> runs = new ArrayList<>();
            for (Flaw flaw : flaws) {
                runs.add(executor.submit(() -> run(flaw, PATIENCE_SIDE_BY_SIDE)));
            }
            List<Arguments> results = new ArrayList<>();
            for (Future<Arguments> run : runs) {
                results.add(run.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    private static Arguments run(Flaw flaw, Duration patience) {
        try (BrokerHarness harness = new WrappedHarness("flawed-" + flaw, flaw.decorator(), patience)) {
            return Arguments.of(
                    flaw,
                    Tck.run(harness, flaw.rule()::equals).result(flaw.rule()).orElseThrow());
        }
    }
}
