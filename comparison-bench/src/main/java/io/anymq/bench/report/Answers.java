package io.anymq.bench.report;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.result.Texts;
import io.anymq.bench.scenario.LatencyScenario;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Interval;
import io.anymq.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
            String topic, String about, String broker, String question, String answer, String certainty, String tone) {
        boolean isHeadline() {
            return topic.equals(CHOICE);
        }
    }

    private final Results results;
    private final List<Answer> answers = new ArrayList<>();

    private Answers(Results results) {
        this.results = results;
    }

    static List<Answer> of(Results results) {
        Answers writer = new Answers(results);
        writer.correctness();
        writer.policies();
        Scenarios.all().forEach(writer::demonstrated);
        for (BrokerInfo broker : results.brokers()) {
            if (broker.available()) {
                writer.throughput(broker);
                results.comparisons().stream()
                        .filter(each -> each.broker().equals(broker.name()))
                        .filter(each -> each.metric().equals("throughput"))
                        .forEach(each -> writer.overhead(broker, each));
                writer.latency(broker);
            } else {
                String reason = text("missing.reason", String.valueOf(broker.reason()));
                writer.overall(broker.title(), "missing", false, reason, text("missing.sure"));
            }
        }
        return List.copyOf(writer.answers);
    }

    /** Those of a section about one broker, or about all of them if {@code broker} is empty; as captions of the evidence. */
    static void captions(Html out, Results results, String topic, String broker) {
        for (Answer answer : of(results)) {
            if (answer.topic.equals(topic) && answer.about.equals(broker)) {
                out.raw("<div class=\"caption " + answer.tone + "\">")
                        .element("p class=\"asked\"", answer.question)
                        .element("p", answer.answer)
                        .element("p class=\"sure\"", answer.certainty)
                        .raw("</div>");
            }
        }
    }

    private static String text(String key, Object... arguments) {
        return Texts.of("answer." + key, arguments);
    }

    private void overall(String broker, String question, boolean good, String answer, String certainty) {
        String tone = good ? "good" : "bad";
        answers.add(new Answer(CHOICE, "", broker, text(question + ".question"), answer, certainty, tone));
    }

    private void about(BrokerInfo broker, String topic, String question, String answer, String certainty) {
        answers.add(new Answer(
                topic, broker.name(), broker.title(), text(question + ".question"), answer, certainty, "neutral"));
    }

    private void correctness() {
        // Demonstrations repeat and reorder messages on purpose, and count for themselves.
        List<RunResult> runs = Runs.of(results, run -> !run.demonstrated());
        long received = sum(runs, Messages::received);
        long lost = sum(runs, Messages::lost);
        long duplicates = sum(runs, Messages::duplicates);
        long breaks = sum(runs, Messages::orderBreaks);
        long foreign = sum(runs, Messages::foreign);
        boolean clean = lost + duplicates + breaks + foreign == 0;
        String answer = clean ? text("correct.yes", received) : text("correct.no", lost, duplicates, breaks, foreign);
        if (received > 0) {
            overall(text("all"), "correct", clean, answer, text("correct.sure", runs.size()));
        }
    }

    private static long sum(List<RunResult> runs, ToLongFunction<Messages> figure) {
        return runs.stream().map(RunResult::messages).mapToLong(figure).sum();
    }

    private void policies() {
        // A caller that publishes returns sooner with any policy.
        List<RunResult> shown =
                Runs.of(results, run -> run.demonstrated() && !run.scenario().equals("async-response"));
        List<String> flaws = shown.stream()
                .filter(run -> !run.counts())
                .map(run -> run.scenario() + " on " + run.broker() + ": " + run.reason())
                .toList();
        String answer =
                flaws.isEmpty() ? text("policies.yes", shown.size()) : text("policies.no", String.join("; ", flaws));
        if (!shown.isEmpty()) {
            overall(text("all"), "policies", flaws.isEmpty(), answer, text("policies.sure"));
        }
    }

    /** For a demonstration, the results of every variant as a range over the brokers. */
    private void demonstrated(Scenario scenario) {
        List<RunResult> runs = Runs.withFindings(results, scenario.name());
        if (runs.isEmpty()) {
            return;
        }
        int brokers = Findings.brokers(runs).size();
        long repetitions = Findings.repetitions(runs);
        String made =
                repetitions == 1 ? "One run per variant" : "Medians of up to " + repetitions + " runs per variant";
        answers.add(new Answer(
                scenario.name(),
                "",
                Findings.title(scenario.name()),
                scenario.claim(),
                Findings.sentence(scenario.answers(), runs),
                made + (brokers == 1 ? ", on one broker." : ", on each of " + brokers + " brokers."),
                runs.stream().allMatch(RunResult::counts) ? "good" : "bad"));
    }

    private static boolean isAdapter(RunResult run) {
        return run.arm().equals(BrokerUnderTest.ADAPTER);
    }

    private void throughput(BrokerInfo broker) {
        List<RunResult> full =
                Runs.of(results, broker.name(), run -> isAdapter(run) && run.counts() && Runs.isFull(run));
        List<Double> rates = Statistics.figures(full, RunResult::rate);
        if (!rates.isEmpty()) {
            String lowest = Format.count(Collections.min(rates));
            String highest = Format.count(Collections.max(rates));
            about(
                    broker,
                    "throughput",
                    "throughput",
                    text("throughput.text", Format.count(Statistics.median(rates))),
                    rates.size() == 1 ? text("one-run") : text("throughput.sure", rates.size(), lowest, highest));
        }
    }

    private void overhead(BrokerInfo broker, Comparison comparison) {
        Interval ratio = comparison.ratio();
        if (ratio == null) {
            return;
        }
        String kind = Runs.isEmbedded(broker) ? "embedded" : "overhead";
        String made = Format.counted(comparison.pairs(), "pair");
        String confidence = Format.percent(ratio.confidence());
        about(
                broker,
                "overhead",
                kind,
                text(kind + ".text", Format.ratio(ratio.median())) + " "
                        + text("overhead." + Format.word(comparison.verdict())),
                comparison.verdict() == Interval.Verdict.INSUFFICIENT
                        ? text("overhead.few", made)
                        : text("overhead.sure", made, confidence, Format.interval(comparison)));
    }

    private void latency(BrokerInfo broker) {
        List<RunResult> runs = Runs.of(results, broker.name(), run -> isAdapter(run) && Runs.hasLoad(run, "30 %"));
        List<LatencyMicros> counting = runs.stream()
                .filter(RunResult::counts)
                .map(run -> run.latency().total())
                .filter(Objects::nonNull)
                .toList();
        if (!counting.isEmpty()) {
            String half = Format.micros(Statistics.median(counting, LatencyMicros::p50));
            String most = Format.micros(Statistics.median(counting, LatencyMicros::p99));
            long samples = counting.stream().mapToLong(LatencyMicros::samples).sum();
            String sure = text("latency.sure", samples, Format.counted(counting.size(), "run"));
            about(broker, LatencyScenario.NAME, "latency", text("latency.text", half, most), sure);
        } else if (!runs.isEmpty()) {
            String reason = String.valueOf(runs.get(0).reason());
            about(broker, LatencyScenario.NAME, "latency", text("latency.none", reason), text("latency.void"));
        }
    }
}
