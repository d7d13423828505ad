package io.anymq.bench.result;

import java.util.List;

/** The options of a comparison, for its report. */
public record PlanInfo(
        String profile,
        List<String> brokers,
        List<String> scenarios,
        List<String> arms,
        String durability,
        int pairs,
        long seed,
        int plannedRuns,
        boolean interrupted) {}
