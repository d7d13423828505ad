package io.anymq.bench.report;

import io.anymq.bench.report.Answer.Tone;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The headlines: what was asked, what came out, how sure that is. */
final class Answers {
    private static final String ADAPTER = "adapter";
    private static final String CHOICE = "choice";
    private static final String LATENCY = "latency";

    private final Results results;
    private final List<Answer> answers = new ArrayList<>();

    private Answers(Results results) {
        this.results = results;
    }

    static List<Answer> of(Results results) {
        Answers writer = new Answers(results);
        writer.correctness();
        writer.theory();
        writer.demonstrations();
        for (BrokerInfo broker : results.brokers()) {
            if (broker.available()) {
                writer.throughput(broker);
                writer.overhead(broker);
                writer.latency(broker);
                writer.asyncResponse(broker);
            } else {
                writer.answers.add(new Answer(
                        CHOICE,
                        "",
                        broker.title(),
                        "Why is it missing?",
                        "It could not be measured: " + broker.reason(),
                        "Nothing is known about it from this comparison.",
                        Tone.BAD));
            }
        }
        return List.copyOf(writer.answers);
    }

    private void correctness() {
        long received = sum(RunResult::received);
        if (received == 0) {
            return;
        }
        long lost = sum(RunResult::lost);
        long duplicates = sum(RunResult::duplicates);
        long breaks = sum(RunResult::orderBreaks);
        long foreign = sum(RunResult::foreign);
        boolean clean = lost + duplicates + breaks + foreign == 0;
        String answer = clean
                ? "No. Of " + Format.whole(received)
                        + " confirmed messages every one arrived, once, and each key in its" + " order."
                : "Yes: " + Format.whole(lost) + " lost, " + Format.whole(duplicates) + " repeated, "
                        + Format.whole(breaks) + " out of order, " + Format.whole(foreign)
                        + " foreign or damaged. The runs concerned do not count.";
        answers.add(new Answer(
                CHOICE,
                "",
                "All brokers",
                "Was anything lost, repeated or put out of order?",
                answer,
                "Counted, not sampled: a ledger follows every message of all "
                        + ledgerRuns().size()
                        + " runs without an injected fault; the demonstrations count for themselves.",
                clean ? Tone.GOOD : Tone.BAD));
    }

    private interface Figure {
        long of(RunResult run);
    }

    /** Demonstrations repeat and mix up messages on purpose, and count for themselves. */
    private List<RunResult> ledgerRuns() {
        return results.runs().stream().filter(run -> !run.demonstrated()).toList();
    }

    private void theory() {
        List<RunResult> shown =
                results.runs().stream().filter(RunResult::demonstrated).toList();
        if (shown.isEmpty()) {
            return;
        }
        List<String> flaws = shown.stream()
                .filter(run -> run.reason() != null)
                .map(run -> run.scenario() + " on " + run.broker() + ": " + run.reason())
                .toList();
        answers.add(new Answer(
                CHOICE,
                "",
                "All brokers",
                "Do the policies keep what they promise?",
                flaws.isEmpty()
                        ? "Yes, in all " + shown.size() + " demonstrations, the trouble without them beside it."
                        : "Not always: " + String.join("; ", flaws) + ".",
                "Counts of what went right and wrong on the real broker; each is in the section on the trouble and the cure.",
                flaws.isEmpty() ? Tone.GOOD : Tone.BAD));
    }

    /** For each demonstration what every variant came to, as a range over the brokers. */
    private void demonstrations() {
        for (Scenario scenario : Scenarios.all()) {
            List<RunResult> runs = Findings.of(results, scenario.name());
            if (runs.isEmpty()) {
                continue;
            }
            boolean flawed = runs.stream().anyMatch(run -> run.reason() != null);
            long brokers = runs.stream().map(RunResult::broker).distinct().count();
            answers.add(new Answer(
                    scenario.name(),
                    "",
                    Findings.title(scenario.name()),
                    scenario.claim(),
                    Findings.sentence(scenario, runs),
                    made(Findings.repetitions(runs))
                            + (brokers == 1 ? " on one broker." : " on each of " + brokers + " brokers."),
                    flawed ? Tone.BAD : Tone.GOOD));
        }
    }

    private static String made(long repetitions) {
        return repetitions == 1 ? "Once in each way" : "Medians of up to " + repetitions + " runs in each way";
    }

    private long sum(Figure figure) {
        return ledgerRuns().stream().mapToLong(figure::of).sum();
    }

    private void throughput(BrokerInfo broker) {
        List<Double> rates = results.runs().stream()
                .filter(run -> run.broker().equals(broker.name()) && run.arm().equals(ADAPTER) && run.counts())
                .filter(run -> "1000".equals(String.valueOf(run.parameters().get("window"))))
                .map(run -> run.messagesPerSecond() == null ? 0.0 : run.messagesPerSecond())
                .sorted()
                .toList();
        if (rates.isEmpty()) {
            return;
        }
        String certainty = rates.size() == 1
                ? "One run only: a hint, no more."
                : rates.size() + " runs, from " + Format.count(rates.get(0)) + " to "
                        + Format.count(rates.get(rates.size() - 1)) + ". Absolute figures hold for this machine only.";
        answers.add(new Answer(
                "throughput",
                broker.name(),
                broker.title(),
                "How much goes through?",
                "About " + Format.count(Statistics.median(rates))
                        + " messages of 1 KiB a second through AnyMQ, sent, confirmed and handled, with 1,000 under way.",
                certainty,
                Tone.NEUTRAL));
    }

    private void overhead(BrokerInfo broker) {
        Optional<Comparison> found = results.comparisons().stream()
                .filter(comparison -> comparison.broker().equals(broker.name())
                        && comparison.metric().equals("throughput"))
                .findFirst();
        if (found.isEmpty() || found.get().median() == null) {
            return;
        }
        Comparison comparison = found.get();
        Double confidence = comparison.confidence();
        boolean embedded = "embedded".equals(broker.via());
        String answer = "Throughput is " + Format.ratio(comparison.median()) + " that of "
                + (embedded
                        ? "a bare ArrayBlockingQueue, which is no broker."
                        : "the plain client with the same promises.")
                + " "
                + switch (comparison.verdict()) {
                    case FASTER -> "AnyMQ is faster.";
                    case SLOWER -> "AnyMQ is slower.";
                    case INDISTINGUISHABLE -> "No difference could be told.";
                    case INSUFFICIENT -> "Too few pairs for a verdict.";
                };
        String made = comparison.pairs() + (comparison.pairs() == 1 ? " pair" : " pairs") + " of runs";
        String certainty = comparison.verdict() == Verdict.INSUFFICIENT || confidence == null
                ? made + ": a hint, no more; a verdict takes 6 pairs."
                : made + "; with " + Format.percent(confidence) + " confidence the true ratio is within "
                        + Format.interval(comparison) + ".";
        answers.add(new Answer(
                "overhead",
                broker.name(),
                broker.title(),
                embedded ? "How far is it from a bare queue?" : "What does AnyMQ cost over the plain client?",
                answer,
                certainty,
                Tone.NEUTRAL));
    }

    private void latency(BrokerInfo broker) {
        List<RunResult> runs = results.runs().stream()
                .filter(run -> run.broker().equals(broker.name())
                        && run.arm().equals(ADAPTER)
                        && run.scenario().equals("latency")
                        && "30 %".equals(run.parameters().get("load")))
                .toList();
        List<LatencyMicros> counting = new ArrayList<>();
        for (RunResult run : runs) {
            LatencyMicros latency = run.latencyMicros();
            if (run.counts() && latency != null) {
                counting.add(latency);
            }
        }
        String question = "How long does a message take?";
        if (counting.isEmpty()) {
            runs.stream()
                    .filter(run -> run.reason() != null)
                    .findFirst()
                    .ifPresent(run -> answers.add(new Answer(
                            LATENCY,
                            broker.name(),
                            broker.title(),
                            question,
                            "Not to be said at 30 % of its capacity: " + run.reason() + ".",
                            "The figures are in the table of runs, and do not count.",
                            Tone.NEUTRAL)));
            return;
        }
        double p50 = Statistics.median(counting.stream().map(LatencyMicros::p50).toList());
        double p99 = Statistics.median(counting.stream().map(LatencyMicros::p99).toList());
        long samples = counting.stream().mapToLong(LatencyMicros::samples).sum();
        answers.add(new Answer(
                LATENCY,
                broker.name(),
                broker.title(),
                question,
                "At 30 % of its capacity half of the messages take less than " + Format.micros(p50)
                        + ", 99 of 100 less than " + Format.micros(p99) + ".",
                String.format(
                        Locale.ROOT,
                        "%s messages in %d %s, timed from when each was to be sent.",
                        Format.whole(samples),
                        counting.size(),
                        counting.size() == 1 ? "run" : "runs"),
                Tone.NEUTRAL));
    }

    private void asyncResponse(BrokerInfo broker) {
        results.runs().stream()
                .filter(run ->
                        run.broker().equals(broker.name()) && run.scenario().equals("async-response") && run.counts())
                .reduce((first, second) -> second)
                .ifPresent(run -> {
                    if (run.callerMicros() == null) {
                        return;
                    }
                    LatencyMicros call = run.callerMicros().get("synchronous");
                    LatencyMicros publish = run.callerMicros().get("published");
                    if (call == null || publish == null) {
                        return;
                    }
                    answers.add(new Answer(
                            "callers",
                            broker.name(),
                            broker.title(),
                            "Is a caller back sooner?",
                            "Publishing kept it for " + Format.micros(publish.p50()) + ", calling a service of "
                                    + run.parameters().get("serviceMillis") + " ms itself for "
                                    + Format.micros(call.p50()) + ".",
                            "Medians of " + publish.samples() + " calls each, in one run.",
                            Tone.NEUTRAL));
                });
    }
}
