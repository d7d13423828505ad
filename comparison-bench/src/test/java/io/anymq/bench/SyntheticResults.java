package io.anymq.bench;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Environment;
import io.anymq.bench.result.Results.Goal;
import io.anymq.bench.result.Results.PlanInfo;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Latency;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.result.RunResult.Timing;
import io.anymq.bench.result.RunResult.Usage;
import io.anymq.bench.result.Texts;
import io.anymq.bench.run.Goals;
import io.anymq.bench.run.Plan;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.theory.Demonstrations;
import io.anymq.bench.theory.Failover;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Made-up results for tests of what is made from results. */
public final class SyntheticResults {
    /** What the first variant of a demonstration finds 21 of and the others none. */
    public static final String WRONG = "things that went wrong";

    private static final LatencyMicros LATENCY = new LatencyMicros(100, 200, 400, 900, 2_000, 1_000);
    private static final Pattern FINDING = Pattern.compile("\\{([^|}]+)\\|([^}]+)}");
    private static final Set<String> DRAWN = Set.of("peak-shaving", Failover.NAME);

    private SyntheticResults() {}

    /** Kafka ahead of Artemis in throughput, a run that is voided, and RabbitMQ, which was not to be had. */
    public static Results full() {
        List<String> scenarios = List.of("throughput", "latency", "overhead", "key-order", Failover.NAME);
        List<RunResult> runs = new ArrayList<>(runs(List.of("kafka", "artemis"), scenarios, Profile.QUICK));
        int last = runs.size() - 1;
        while (!runs.get(last).scenario().equals("latency")) {
            last--;
        }
        runs.set(last, runs.get(last).voided("the load generator itself was late"));
        return results(List.of("kafka", "artemis", "rabbitmq"), "rabbitmq", runs);
    }

    /** Every run that the full profile plans, with six pairs, on all brokers, one of which was not to be had. */
    public static Results everything() {
        List<String> all = Brokers.all().stream().map(BrokerUnderTest::name).toList();
        List<String> had = all.stream().filter(name -> !name.equals("rocketmq")).toList();
        List<String> scenarios = Scenarios.all().stream().map(Scenario::name).toList();
        return results(all, "rocketmq", runs(had, scenarios, Profile.FULL));
    }

    /** With only these runs. */
    public static Results of(List<RunResult> runs) {
        return results(List.of("kafka"), "none", runs);
    }

    /** Options with both arms and six pairs. */
    public static CompareOptions options(List<String> brokers, List<String> scenarios, Profile profile) {
        Path out = Path.of("unused");
        return new CompareOptions(
                brokers, scenarios, List.of("adapter", "raw"), Durability.PROCESS, profile, 6, 42, out, Map.of());
    }

    private static List<RunResult> runs(List<String> brokers, List<String> scenarios, Profile profile) {
        List<String> order = Brokers.all().stream().map(BrokerUnderTest::name).toList();
        Plan plan = Plan.of(options(brokers, scenarios, profile));
        Random random = new Random(42);
        List<RunResult> runs = new ArrayList<>();
        for (String broker : brokers) {
            double rate = 10_000 * Math.pow(3, 2 - order.indexOf(broker));
            plan.byBroker().get(broker).forEach(run -> runs.add(made(broker, run, rate, random)));
        }
        return runs;
    }

    private static RunResult made(String broker, PlannedRun run, double rate, Random random) {
        double noise = 0.9 + 0.2 * random.nextDouble();
        if (run.load() instanceof Load.Theory theory) {
            int variant = Demonstrations.named(run.scenario()).variants().indexOf(theory.variant());
            List<TimePoint> timeline = DRAWN.contains(run.scenario()) ? timeline() : List.of();
            double wrong = variant == 0 ? 21 : 0;
            String seconds = run.scenario().equals(Failover.NAME) ? Failover.PAUSE : "seconds it took";
            Map<String, Double> found = new TreeMap<>(Map.of(WRONG, wrong, seconds, 6.2));
            // What the answers speak of.
            FINDING.matcher(String.join(" ", Texts.list(run.scenario() + ".answer")))
                    .results()
                    .filter(finding -> finding.group(1).equals(theory.variant()))
                    .forEach(finding -> found.put(finding.group(2), wrong));
            String id = String.join(" ", broker, run.scenario(), theory.variant());
            return result(id, broker, run.arm(), run.scenario(), run.parameters())
                    .demonstrated(8, Messages.of(600, 600, 600, 0), found, timeline);
        }
        return run.parameters().containsKey("load")
                ? run(broker, run, 5_000, LatencyMicros.whole(spread(900 * noise)))
                : run(broker, run, rate * noise, LATENCY);
    }

    private static RunResult run(String broker, PlannedRun run, double rate, LatencyMicros latency) {
        return run(broker, run.arm(), run.scenario(), run.parameters(), rate, latency, 0, 0, 0);
    }

    private static List<TimePoint> timeline() {
        List<TimePoint> timeline = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            int there = i > 20 && i < 60 ? 20 : i;
            timeline.add(new TimePoint(i / 10.0, i * 20L, there * 20L, there * 19L));
        }
        return timeline;
    }

    /** A tail as brokers have it. */
    private static Histogram spread(double p50Micros) {
        Histogram nanos = new Histogram(3);
        for (int i = 0; i < 20_000; i++) {
            double rank = (i + 0.5) / 20_000;
            nanos.recordValue((long) (p50Micros * 1_000 * (0.6 + 0.4 * Math.pow(1 / (2 * (1 - rank)), 0.6))));
        }
        return nanos;
    }

    /** A result without figures yet, at a fixed time. */
    public static RunResult result(
            String id, String broker, String arm, String scenario, Map<String, Object> parameters) {
        RunResult now = RunResult.of(new RunResult.Run(id, broker, arm, scenario, parameters));
        String then = "2026-01-01T00:00:00Z";
        return new RunResult(
                now.run(), then, now.timing(), now.latency(), now.messages(), now.usage(), null, List.of(), null);
    }

    /** A run of Kafka with a closed window. */
    public static RunResult closed(String arm, String scenario, Map<String, Object> parameters, double rate) {
        return run("kafka", arm, scenario, parameters, rate, LATENCY, 0, 0, 0);
    }

    /** Pairs of Kafka's overhead; the rates go by the number of the pair, from 1. */
    public static List<RunResult> pairs(int pairs, IntToDoubleFunction adapter, IntToDoubleFunction raw) {
        List<RunResult> runs = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            Map<String, Object> parameters = Map.of("window", 1_000, "pair", pair);
            runs.add(closed("adapter", "overhead", parameters, adapter.applyAsDouble(pair)));
            runs.add(closed("raw", "overhead", parameters, raw.applyAsDouble(pair)));
        }
        return runs;
    }

    /** The goal that begins so, judged over these runs of Kafka. */
    public static Goal goal(List<RunResult> runs, String beginning) {
        return of(runs).goals().stream()
                .filter(goal -> goal.goal().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    /** A run of Kafka with flaws. */
    public static RunResult flawed(long lost, long duplicates, long orderBreaks) {
        return run("kafka", "raw", "throughput", Map.of("window", 1), 10, LATENCY, lost, duplicates, orderBreaks);
    }

    private static RunResult run(
            String broker,
            String arm,
            String scenario,
            Map<String, Object> parameters,
            double rate,
            LatencyMicros latency,
            long lost,
            long duplicates,
            long orderBreaks) {
        String id = broker + "-" + arm + "-" + scenario + "-" + new TreeMap<>(parameters).hashCode();
        boolean adapter = arm.equals("adapter");
        Usage.Client client = new Usage.Client(adapter ? 5.2 : 5.0, 0.0, adapter ? 1_700.0 : 1_500.0, 300_000_000L);
        long sent = 100_000;
        return result(id, broker, arm, scenario, parameters)
                .measured(
                        new Timing(rate, 4.0, 5.0, true, List.of(rate, rate)),
                        new Latency(latency, latency, null),
                        new Messages(sent, sent, sent - lost, lost, duplicates, orderBreaks, 0, 0),
                        client)
                .withUsage(new Usage(client, 3.0, 1_000_000L, 600_000_000L, null));
    }

    private static BrokerInfo info(String name, boolean available) {
        BrokerUnderTest broker = Brokers.named(name);
        return new BrokerInfo(
                name,
                broker.title(),
                broker.rawTitle(),
                available,
                available ? null : "no <server> & no container",
                !available ? null : broker.kind().isEmpty() ? "embedded" : "process",
                available ? "1.0" : null,
                available ? "java -Xmx512m" : null,
                broker.guarantee(Durability.PROCESS),
                broker.parity(),
                available ? Map.of("listeners", "127.0.0.1:9092,with.a.long.value=" + "x".repeat(120)) : Map.of());
    }

    private static Results results(List<String> brokers, String missing, List<RunResult> runs) {
        List<Comparison> comparisons = brokers.stream()
                .flatMap(name -> Scenarios.compare(name, runs).stream())
                .toList();
        Map<String, String> versions = Map.of("AnyMQ", "0.0");
        return new Results(
                Results.SCHEMA_VERSION,
                new Environment(
                        "2026-01-01T00:00:00Z",
                        "Linux",
                        "amd64",
                        "a processor",
                        2,
                        8L << 30,
                        "Vendor 17",
                        "VM 17",
                        "none seen",
                        "-Xmx512m",
                        versions),
                new PlanInfo(
                        "quick",
                        brokers,
                        List.of("throughput"),
                        List.of("adapter", "raw"),
                        "process",
                        6,
                        42,
                        runs.size(),
                        false),
                brokers.stream().map(name -> info(name, !name.equals(missing))).toList(),
                runs,
                comparisons,
                Goals.judge(brokers, runs, comparisons));
    }
}
