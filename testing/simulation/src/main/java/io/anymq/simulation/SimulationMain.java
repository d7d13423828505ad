package io.anymq.simulation;

import java.util.List;

/**
 * From a command line: {@code <first seed> [how many]}. One seed is played and its history printed; many are played,
 * and the first that fails is shrunk and printed. Ends with 1 when something was violated.
 */
public final class SimulationMain {
    private static final int SHRINKING_RUNS = 2_000;

    private SimulationMain() {}

    /** Runs the seeds given as arguments. */
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2) {
            System.err.println("usage: simulate <first seed> [how many]");
            System.exit(2);
        }
        long first = Long.parseLong(args[0]);
        long count = args.length == 2 ? Long.parseLong(args[1]) : 1;
        List<Run> failed;
        if (count == 1) {
            Run run = new Simulation().run(first);
            System.out.println(run.describe());
            failed = run.isClean() ? List.of() : List.of(run);
        } else {
            Campaign campaign =
                    new Campaign(first, count, null).play(Runtime.getRuntime().availableProcessors());
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
