package io.anymq.bench.report;

import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** The headlines: questions in plain words, their answers, and how certain those are. */
final class Answers {
    private static final String CHOICE = "choice";

    /**
     * A question in plain words and its answer.
     *
     * @param topic the section that it belongs to
     * @param about the broker's name; empty if it is about all of them
     * @param broker the same for people
     * @param question what was asked
     * @param answer what was found
     * @param certainty how certain that is
     * @param tone {@code good}, {@code bad} or {@code neutral} news
     */
    record Answer(
            String topic, String about, String broker, String question, String answer, String certainty, String tone) {}

    private final Results results;
    private final List<Answer> answers = new ArrayList<>();

    private Answers(Results results) {
        this.results = results;
    }

    static List<Answer> of(Results results) {
        Answers writer = new Answers(results);
        writer.correctness();
        writer.theory();
        Scenarios.all().forEach(writer::demonstrated);
        for (BrokerInfo broker : results.brokers()) {
            if (broker.available()) {
                writer.throughput(broker);
                writer.overhead(broker);
                writer.latency(broker);
                writer.asyncResponse(broker);
            } else {
                writer.overall(
                        broker.title(),
                        "missing",
                        false,
                        Texts.of("answer.missing.reason", String.valueOf(broker.reason())),
                        Texts.of("answer.missing.sure"));
            }
        }
        return List.copyOf(writer.answers);
    }

    /** Those of a section about one broker, or about all of them if {@code broker} is empty; as captions of the evidence. */
    static void captions(Html out, Results results, String topic, String broker, boolean named) {
        for (Answer answer : of(results)) {
            if (answer.topic.equals(topic) && answer.about.equals(broker)) {
                out.raw("<div class=\"caption " + answer.tone + "\">")
                        .element("p class=\"asked\"", (named ? answer.broker + ": " : "") + answer.question)
                        .element("p", answer.answer)
                        .element("p class=\"sure\"", answer.certainty)
                        .raw("</div>");
            }
        }
    }

    private void overall(String broker, String question, boolean good, String answer, String certainty) {
        String asked = Texts.of("answer." + question + ".question");
        answers.add(new Answer(CHOICE, "", broker, asked, answer, certainty, good ? "good" : "bad"));
    }

    private void about(BrokerInfo broker, String topic, String question, String answer, String certainty) {
        String asked = Texts.of("answer." + question + ".question");
        answers.add(new Answer(topic, broker.name(), broker.title(), asked, answer, certainty, "neutral"));
    }

    private void correctness() {
        // Demonstrations repeat and reorder messages on purpose, and count for themselves.
        List<RunResult> runs = Runs.of(results, run -> !run.demonstrated());
        long received = sum(runs, run -> run.messages().received());
        if (received == 0) {
            return;
        }
        long lost = sum(runs, run -> run.messages().lost());
        long duplicates = sum(runs, run -> run.messages().duplicates());
        long breaks = sum(runs, run -> run.messages().orderBreaks());
        long foreign = sum(runs, run -> run.messages().foreign());
        boolean clean = lost + duplicates + breaks + foreign == 0;
        overall(
                Texts.of("answer.all"),
                "correct",
                clean,
                clean
                        ? Texts.of("answer.correct.yes", received)
                        : Texts.of("answer.correct.no", lost, duplicates, breaks, foreign),
                Texts.of("answer.correct.sure", runs.size()));
    }

    private static long sum(List<RunResult> runs, ToLongFunction<RunResult> figure) {
        return runs.stream().mapToLong(figure).sum();
    }

    private void theory() {
        List<RunResult> shown = Runs.of(results, RunResult::demonstrated);
        List<String> flaws = shown.stream()
                .filter(run -> run.reason() != null)
                .map(run -> run.scenario() + " on " + run.broker() + ": " + run.reason())
                .toList();
        if (!shown.isEmpty()) {
            overall(
                    Texts.of("answer.all"),
                    "policies",
                    flaws.isEmpty(),
                    flaws.isEmpty()
                            ? Texts.of("answer.policies.yes", shown.size())
                            : Texts.of("answer.policies.no", String.join("; ", flaws)),
                    Texts.of("answer.policies.sure"));
        }
    }

    /** For a demonstration, the results of every variant as a range over the brokers. */
    private void demonstrated(Scenario scenario) {
        List<RunResult> runs = Runs.withFindings(results, scenario.name());
        if (runs.isEmpty()) {
            return;
        }
        boolean flawed = runs.stream().anyMatch(run -> run.reason() != null);
        int brokers = Findings.brokers(runs).size();
        long repetitions = Findings.repetitions(runs);
        String made =
                repetitions == 1 ? "One run per variant" : "Medians of up to " + repetitions + " runs per variant";
        answers.add(new Answer(
                scenario.name(),
                "",
                Findings.title(scenario.name()),
                scenario.claim(),
                Findings.sentence(scenario, runs),
                made + (brokers == 1 ? ", on one broker." : ", on each of " + brokers + " brokers."),
                flawed ? "bad" : "good"));
    }

    private void throughput(BrokerInfo broker) {
        List<RunResult> full =
                Runs.of(results, broker.name(), run -> isAdapter(run) && run.counts() && Runs.isFull(run));
        List<Double> rates = Runs.figures(full, RunResult::rate);
        if (rates.isEmpty()) {
            return;
        }
        about(
                broker,
                "throughput",
                "throughput",
                Texts.of("answer.throughput.text", Format.count(Runs.median(full, RunResult::rate))),
                rates.size() == 1
                        ? Texts.of("answer.one-run")
                        : Texts.of(
                                "answer.throughput.sure",
                                rates.size(),
                                Format.count(Collections.min(rates)),
                                Format.count(Collections.max(rates))));
    }

    private static boolean isAdapter(RunResult run) {
        return run.arm().equals(Runs.ADAPTER);
    }

    private void overhead(BrokerInfo broker) {
        for (Comparison comparison : results.comparisons()) {
            Interval ratio = comparison.ratio();
            if (!comparison.broker().equals(broker.name())
                    || !comparison.metric().equals("throughput")
                    || ratio == null) {
                continue;
            }
            String kind = Runs.isEmbedded(broker) ? "embedded" : "overhead";
            String verdict = comparison.verdict().name().toLowerCase(Locale.ROOT);
            String made = Format.counted(comparison.pairs(), "pair");
            about(
                    broker,
                    "overhead",
                    kind,
                    Texts.of("answer." + kind + ".text", Format.ratio(ratio.median())) + " "
                            + Texts.of("answer.overhead." + verdict),
                    comparison.verdict() == Verdict.INSUFFICIENT
                            ? Texts.of("answer.overhead.few", made)
                            : Texts.of(
                                    "answer.overhead.sure",
                                    made,
                                    Format.percent(ratio.confidence()),
                                    Format.interval(comparison)));
        }
    }

    private void latency(BrokerInfo broker) {
        List<RunResult> runs = Runs.of(results, broker.name(), run -> isAdapter(run) && Runs.hasLoad(run, "30 %"));
        List<LatencyMicros> counting = runs.stream()
                .filter(RunResult::counts)
                .map(run -> run.latency().total())
                .filter(Objects::nonNull)
                .toList();
        if (counting.isEmpty()) {
            runs.stream()
                    .filter(run -> run.reason() != null)
                    .findFirst()
                    .ifPresent(run -> about(
                            broker,
                            Runs.LATENCY,
                            "latency",
                            Texts.of("answer.latency.none", String.valueOf(run.reason())),
                            Texts.of("answer.latency.void")));
            return;
        }
        List<RunResult> valid = runs.stream().filter(RunResult::counts).toList();
        about(
                broker,
                Runs.LATENCY,
                "latency",
                Texts.of(
                        "answer.latency.text",
                        Format.micros(Runs.median(valid, run -> run.latency().p50())),
                        Format.micros(Runs.median(valid, run -> run.latency().p99()))),
                Texts.of(
                        "answer.latency.sure",
                        counting.stream().mapToLong(LatencyMicros::samples).sum(),
                        Format.counted(counting.size(), "run")));
    }

    private void asyncResponse(BrokerInfo broker) {
        RunResult last =
                Runs.of(results, broker.name(), run -> run.latency().calling() != null && run.counts()).stream()
                        .reduce((first, second) -> second)
                        .orElse(null);
        LatencyMicros calling = last == null ? null : last.latency().calling();
        LatencyMicros publishing = last == null ? null : last.latency().publishing();
        if (last != null && calling != null && publishing != null) {
            about(
                    broker,
                    "callers",
                    "callers",
                    Texts.of(
                            "answer.callers.text",
                            Format.micros(publishing.p50()),
                            last.parameter("serviceMillis"),
                            Format.micros(calling.p50())),
                    Texts.of("answer.callers.sure", publishing.samples()));
        }
    }
}
