package io.anymq.simulation;

import io.anymq.simulation.plan.Plan;
import io.anymq.simulation.plan.PlanGenerator;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * From a command line: {@code [--user-faults|--operators] <first seed> [how many]}. One seed is played and its history
 * printed; many are played, and the first that fails is shrunk and printed. Ends with 1 when something was violated.
 */
public final class SimulationMain {
    private static final String USER_FAULTS = "--user-faults";
    private static final String OPERATORS = "--operators";
    private static final int SHRINKING_RUNS = 2_000;

    private SimulationMain() {}

    /** Runs the seeds given as arguments. */
    public static void main(String[] args) {
        String option = args.length > 0 && args[0].startsWith("--") ? args[0] : "";
        List<String> seeds = List.of(args).subList(option.isEmpty() ? 0 : 1, args.length);
        LongFunction<Plan> plans = plans(option);
        if (plans == null || seeds.isEmpty() || seeds.size() > 2) {
            System.err.println("usage: simulate [" + USER_FAULTS + "|" + OPERATORS + "] <first seed> [how many]");
            System.exit(2);
            return;
        }
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

    private static @Nullable LongFunction<Plan> plans(String option) {
        return switch (option) {
            case "" -> PlanGenerator::plan;
            case USER_FAULTS -> PlanGenerator::planWithUserFaults;
            case OPERATORS -> PlanGenerator::planWithOperators;
            default -> null;
        };
    }
}
