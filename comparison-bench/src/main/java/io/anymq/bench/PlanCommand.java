package io.anymq.bench;

import io.anymq.bench.run.CompareOptions;
import io.anymq.bench.run.ExitCode;
import io.anymq.bench.run.Plan;
import io.anymq.bench.run.Progress;
import io.anymq.bench.scenario.PlannedRun;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what would be measured. */
@Command(
        name = "plan",
        description = "Shows the runs that would be made, in order, and how long they take.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions options = new PlanOptions();

    @Override
    public Integer call() {
        CompareOptions wanted = options.toOptions();
        Plan plan = options.toPlan(wanted);
        int number = 0;
        for (Map.Entry<String, List<PlannedRun>> entry : plan.byBroker().entrySet()) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, about %s%n",
                    entry.getKey(),
                    Progress.duration(plan.estimatedSeconds(entry.getKey())));
            for (PlannedRun run : entry.getValue()) {
                System.out.printf(
                        Locale.ROOT, "%4d  %-8s %-15s %s%n", ++number, run.arm(), run.scenario(), run.parameters());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d runs, about %s; seed %d%n",
                plan.size(),
                Progress.duration(plan.estimatedSeconds()),
                wanted.seed());
        return ExitCode.OK;
    }
}
