package io.anymq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One seed is one history, byte for byte, whether the application's code behaves or not. */
class ReplayTest {
    private static final long SEEDS = 60;

    private static Stream<Plan> plans() {
        return LongStream.rangeClosed(1, SEEDS)
                .boxed()
                .flatMap(seed -> Stream.of(
                        PlanGenerator.plan(seed),
                        PlanGenerator.planWithUserFaults(seed),
                        PlanGenerator.planWithOperators(seed)));
    }

    private static String histories(Simulation simulation) {
        return plans().map(plan -> simulation.run(plan).lines()).collect(Collectors.joining("\n\n"));
    }

    @Test
    void aSeedGivesTheSameHistoryAgain() {
        Simulation one = new Simulation();
        Simulation other = new Simulation();

        plans().forEach(plan -> {
            Run first = one.run(plan);
            assertThat(first.history().size()).isPositive();
            assertThat(one.run(plan).lines()).isEqualTo(first.lines());
            assertThat(other.run(plan).lines()).isEqualTo(first.lines());
        });
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
                        PrintHistories.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();

        // backwards, so that what the first run of a JVM initializes falls to another seed
        Simulation simulation = new Simulation();
        List<Plan> backwards = new ArrayList<>(plans().toList());
        Collections.reverse(backwards);
        backwards.forEach(simulation::run);
        assertThat(there.strip()).isEqualTo(histories(simulation));
    }

    /** The child of {@link #anotherJvmGivesTheSameHistory}. */
    static final class PrintHistories {
        private PrintHistories() {}

        public static void main(String[] args) {
            System.out.println(histories(new Simulation()));
        }
    }
}
