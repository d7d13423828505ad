package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Goal;
import io.anymq.bench.result.Results;

/** The short version, as Markdown. Stateless. */
public final class Summary {
    private Summary() {}

    /** The whole text. */
    public static String render(Results results) {
        StringBuilder out = new StringBuilder("# Broker comparison\n\n");
        out.append(results.environment().measuredAt())
                .append(", ")
                .append(results.plan().profile())
                .append(" profile, ")
                .append(results.runs().size())
                .append(" runs, ")
                .append(results.plan().plannedRuns())
                .append(" planned, seed ")
                .append(results.plan().seed())
                .append(results.plan().interrupted() ? ", interrupted" : "")
                .append(".\n");
        for (Answer answer : Answers.of(results)) {
            out.append("\n**")
                    .append(answer.broker())
                    .append(": ")
                    .append(answer.question())
                    .append("** ");
            out.append(answer.answer()).append(" *").append(answer.certainty()).append("*\n");
        }
        if (!results.comparisons().isEmpty()) {
            out.append("\n## AnyMQ against the raw arm\n\n");
            out.append("| broker | figure | median | interval | pairs | verdict |\n|---|---|---:|---:|---:|---|\n");
            for (Comparison comparison : results.comparisons()) {
                row(
                        out,
                        comparison.broker(),
                        Format.metric(comparison),
                        Format.ratio(comparison.median()),
                        Format.interval(comparison),
                        "" + comparison.pairs(),
                        Format.verdict(comparison));
            }
        }
        out.append("\n## Goals\n\n| broker | goal | measured | result |\n|---|---|---|---|\n");
        for (Goal goal : results.goals()) {
            row(out, goal.broker(), goal.goal(), goal.measured(), GoalsSection.word(goal));
        }
        long uncounted = results.runs().stream().filter(run -> !run.counts()).count();
        out.append("\n").append(uncounted).append(" of ").append(results.runs().size());
        out.append(" runs do not count; runs.csv says why.\n");
        for (BrokerInfo broker : results.brokers()) {
            if (!broker.available()) {
                out.append("\n").append(broker.title()).append(" was not measured: ");
                out.append(broker.reason()).append("\n");
            }
        }
        return out.toString();
    }

    private static void row(StringBuilder out, String... cells) {
        for (String cell : cells) {
            out.append("| ").append(cell.replace("|", "\\|").replace("\n", " ")).append(' ');
        }
        out.append("|\n");
    }
}
