package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One seed is one history, byte for byte. */
class ReplayTest {
    private static final long SEEDS = 60;

    @Test
    void aSeedGivesTheSameHistoryAgain() {
        Simulation one = new Simulation();
        Simulation other = new Simulation();

        for (long seed = 1; seed <= SEEDS; seed++) {
            Run first = one.run(seed);
            assertThat(first.history().size()).isPositive();
            assertThat(one.run(seed).lines()).isEqualTo(first.lines());
            assertThat(other.run(seed).lines()).isEqualTo(first.lines());
        }
    }

    @Test
    void anotherSeedOfTheSchedulerInterleavesOtherwise() {
        Plan plan = PlanGenerator.plan(1);
        Simulation simulation = new Simulation();

        assertThat(simulation.run(plan.withSeed(2)).lines())
                .isNotEqualTo(simulation.run(plan).lines());
    }

    @Test
    void anotherJvmGivesTheSameHistory() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:hashCode=2",
                        // as in this JVM: a line that is written takes turns of the scheduler
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintHistories.class.getName(),
                        Long.toString(SEEDS))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

        // backwards, so that what the first run of a JVM initializes falls to another seed
        Simulation simulation = new Simulation();
        for (long seed = SEEDS; seed >= 1; seed--) {
            simulation.run(seed);
        }
        String here = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> simulation.run(seed).lines())
                .collect(Collectors.joining("\n\n"));
        assertThat(there.strip()).isEqualTo(here);
    }

    /** The child of {@link #anotherJvmGivesTheSameHistory}. */
    static final class PrintHistories {
        private PrintHistories() {}

        public static void main(String[] args) {
            Simulation simulation = new Simulation();
            System.out.println(LongStream.rangeClosed(1, Long.parseLong(args[0]))
                    .mapToObj(seed -> simulation.run(seed).lines())
                    .collect(Collectors.joining("\n\n")));
        }
    }
}
