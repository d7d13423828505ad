package io.anymq.tck;

import java.util.List;

/** Runs rules by number from a command line, for debugging: no arguments means all. */
final class RunMain {
    private RunMain() {}

    public static void main(String[] args) {
        List<String> prefixes = List.of(args);
        try (BrokerHarness harness = new InMemoryHarness()) {
            ConformanceReport report = Tck.run(
                    harness, id -> prefixes.isEmpty() || prefixes.stream().anyMatch(id::startsWith));
            for (RuleResult failed : report.with(RuleResult.Status.FAILED)) {
                System.out.println(failed.detail());
                failed.failure().printStackTrace(System.out);
            }
            System.out.println(report.summary());
        }
    }
}
