package io.anymq.bench.report;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Texts;

/** The short version, as Markdown. Stateless. */
public final class Summary {
    private Summary() {}

    /** The whole text. */
    public static String render(Results results) {
        StringBuilder out = new StringBuilder("# Broker comparison\n\n");
        out.append(Texts.of(
                        "summary.head",
                        results.environment().measuredAt(),
                        results.plan().profile(),
                        results.runs().size(),
                        results.plan().plannedRuns(),
                        results.plan().seed(),
                        results.plan().interrupted() ? ", interrupted" : ""))
                .append('\n');
        for (Answers.Answer answer : Answers.of(results)) {
            out.append("\n**" + answer.broker() + ": " + answer.question() + "** ")
                    .append(answer.answer() + " *" + answer.certainty() + "*\n");
        }
        if (!results.comparisons().isEmpty()) {
            out.append("\n## AnyMQ compared with the raw arm\n\n")
                    .append(
                            "| broker | figure | median | interval | pairs | verdict |\n|---|---|---:|---:|---:|---|\n");
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
            row(out, goal.broker(), goal.goal(), goal.measured(), TheorySections.word(goal));
        }
        long uncounted = results.runs().stream().filter(run -> !run.counts()).count();
        out.append("\n")
                .append(Texts.of("summary.void", uncounted, results.runs().size()))
                .append('\n');
        results.brokers().stream()
                .filter(broker -> !broker.available())
                .forEach(broker -> out.append("\n" + broker.title() + " was not measured: " + broker.reason() + "\n"));
        return out.toString();
    }

    private static void row(StringBuilder out, String... cells) {
        for (String cell : cells) {
            out.append("| ").append(cell.replace("|", "\\|").replace("\n", " ")).append(' ');
        }
        out.append("|\n");
    }
}
