package io.anymq.bench.run;

import io.anymq.bench.broker.Brokers;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.ScenarioContext;
import io.anymq.bench.scenario.Scenarios;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** All runs of a comparison, by broker and in order; the same for the same seed. */
public record Plan(Map<String, List<PlannedRun>> byBroker) {
    private static final double BROKER_START_SECONDS = 7;

    /** Plans what the options ask for. */
    public static Plan of(CompareOptions options) {
        SplittableRandom random = new SplittableRandom(options.seed());
        Map<String, List<PlannedRun>> byBroker = new LinkedHashMap<>();
        for (String broker : options.brokers()) {
            ScenarioContext context = new ScenarioContext(broker, options, random);
            // A crash comes first: after it Kafka reads again all that it has stored. Each JVM is warmed up once, so
            // all its runs follow one another.
            byBroker.put(
                    broker,
                    Scenarios.all().stream()
                            .filter(scenario -> options.scenarios().contains(scenario.name()))
                            .flatMap(scenario -> scenario.plan().apply(context).stream())
                            .sorted(Comparator.comparing(PlannedRun::killsTheBroker)
                                    .reversed()
                                    .thenComparingInt(PlannedRun::jvm))
                            .toList());
        }
        return new Plan(byBroker);
    }

    /** How many there are. */
    public int size() {
        return byBroker.values().stream().mapToInt(List::size).sum();
    }

    /** A guess at how long it takes. */
    public double estimatedSeconds() {
        return byBroker.keySet().stream().mapToDouble(this::estimatedSeconds).sum();
    }

    /** A guess at how long one broker takes, its start included. */
    public double estimatedSeconds(String broker) {
        List<PlannedRun> runs = byBroker.getOrDefault(broker, List.of());
        double seconds = startSeconds(broker);
        for (int first = 0; first < runs.size(); ) {
            List<PlannedRun> together = together(runs, first);
            seconds += longest(together, run -> estimatedSeconds(runs, run));
            first += together.size();
        }
        return seconds;
    }

    /** A guess at how long it takes to start a broker. */
    static double startSeconds(String broker) {
        return Brokers.named(broker).kind().isPresent() ? BROKER_START_SECONDS : 0;
    }

    static double longest(List<PlannedRun> together, ToDoubleFunction<PlannedRun> seconds) {
        return together.stream().mapToDouble(seconds).max().orElse(0);
    }

    /** The runs that are made at the same time as the one at this place, which is the first of them. */
    static List<PlannedRun> together(List<PlannedRun> runs, int first) {
        int end = first + 1;
        while (end < runs.size() && runs.get(end).besides(runs.get(first))) {
            end++;
        }
        return runs.subList(first, end);
    }

    /** All runs that share JVMs with {@code first}, which is one of them. */
    static List<PlannedRun> group(List<PlannedRun> runs, PlannedRun first) {
        return runs.stream().filter(run -> run.sameGroup(first)).toList();
    }

    /** A guess at how long one run of a broker takes: less if the JVMs of its group have been warmed up. */
    double estimatedSeconds(List<PlannedRun> runs, PlannedRun run) {
        int index = runs.indexOf(run);
        return run.estimatedSeconds(index > 0 && run.sameGroup(runs.get(index - 1)));
    }
}
