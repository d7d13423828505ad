package io.anymq.simulation;

import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.List;
import java.util.function.LongFunction;

/**
 * From a command line: {@code [--user-faults] <first seed> [how many]}. One seed is played and its history printed;
 * many are played, and the first that fails is shrunk and printed. Ends with 1 when something was violated.
 */
public final class SimulationMain {
    private static final String USER_FAULTS = "--user-faults";
    private static final int SHRINKING_RUNS = 2_000;

    private SimulationMain() {}

    /** Runs the seeds given as arguments. */
    public static void main(String[] args) {
        boolean userFaults = args.length > 0 && args[0].equals(USER_FAULTS);
        List<String> seeds = List.of(args).subList(userFaults ? 1 : 0, args.length);
        if (seeds.isEmpty() || seeds.size() > 2) {
            System.err.println("usage: simulate [" + USER_FAULTS + "] <first seed> [how many]");
            System.exit(2);
        }
        LongFunction<Plan> plans = userFaults ? PlanGenerator::planWithUserFaults : PlanGenerator::plan;
        long first = Long.parseLong(seeds.get(0));
        long count = seeds.size() == 2 ? Long.parseLong(seeds.get(1)) : 1;
        List<Run> failed;
        if (count == 1) {
            Run run = new Simulation().run(plans.apply(first));
            System.out.println(run.describe());
            failed = run.isClean() ? List.of() : List.of(run);
        } else {
            Campaign campaign = new Campaign(first, count, Simulation::new, plans)
                    .play(Runtime.getRuntime().availableProcessors());
            System.out.println(campaign);
            failed = campaign.failed();
        }
        if (!failed.isEmpty()) {
            System.out.println("\nThe shortest plan with the same violation:\n"
                    + new Shrinker(new Simulation(), SHRINKING_RUNS)
                            .shrink(failed.get(0))
                            .describe());
        }
        System.exit(failed.isEmpty() ? 0 : 1);
    }
}
