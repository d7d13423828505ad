package io.anymq.bench;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Environment;
import io.anymq.bench.result.Results.PlanInfo;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Latency;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.result.RunResult.Outcome;
import io.anymq.bench.result.RunResult.TimePoint;
import io.anymq.bench.result.RunResult.Timing;
import io.anymq.bench.result.RunResult.Usage;
import io.anymq.bench.run.CompareOptions;
import io.anymq.bench.run.Goals;
import io.anymq.bench.run.Plan;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Profile;
import io.anymq.bench.scenario.Scenario;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.theory.Demonstrations;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Made-up results for tests of what is made from results. */
public final class SyntheticResults {
    private final List<RunResult> runs = new ArrayList<>();
    private final List<BrokerInfo> brokers = new ArrayList<>();

    /** Two brokers, all scenarios, six pairs, some voided runs, and a broker that was not to be had. */
    public static Results full() {
        SyntheticResults made = new SyntheticResults();
        made.broker("inmemory", 400_000, 1_900_000, 20);
        made.broker("kafka", 41_000, 44_000, 900);
        made.brokers.add(info("rabbitmq", false, "no <erlang> & no container"));
        return made.results(false);
    }

    /** Two brokers with a process, one ahead of the other, and what demonstrations found on one of them. */
    public static Results withDemonstrations() {
        SyntheticResults made = new SyntheticResults();
        made.broker("kafka", 41_000, 44_000, 900);
        made.broker("artemis", 11_000, 12_000, 900);
        made.runs.add(demonstration("key-order", "unordered", Map.of("messages out of order", 21.0)));
        made.runs.add(demonstration("key-order", "per key", Map.of("messages out of order", 0.0)));
        made.runs.add(demonstration("failover", "broker killed", Map.of("seconds without a message handled", 6.2)));
        return made.results(false);
    }

    private static RunResult demonstration(String scenario, String variant, Map<String, Double> findings) {
        return result(scenario + variant.length(), "kafka", "adapter", scenario, Map.of("variant", variant))
                .withTiming(Timing.of(8.0))
                .withOutcome(new Outcome(600, 600, 600, 0, findings, timeline(), null));
    }

    /** A result without figures yet, at a fixed time. */
    public static RunResult result(
            String id, String broker, String arm, String scenario, Map<String, Object> parameters) {
        RunResult result = RunResult.of(new RunResult.Run(id, broker, arm, scenario, parameters));
        return new RunResult(
                result.run(),
                "2026-01-01T00:00:00Z",
                result.timing(),
                result.latency(),
                result.messages(),
                result.usage(),
                null,
                List.of(),
                null);
    }

    private static List<TimePoint> timeline() {
        List<TimePoint> timeline = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            int there = i > 20 && i < 60 ? 20 : i;
            timeline.add(new TimePoint(i / 10.0, i * 20L, there * 20L, there * 19L));
        }
        return timeline;
    }

    /** Every run that the full profile plans, with six pairs, on all brokers, one of which was not to be had. */
    public static Results everything() {
        SyntheticResults made = new SyntheticResults();
        List<String> names = Brokers.all().stream().map(BrokerUnderTest::name).toList();
        Plan plan = Plan.of(new CompareOptions(
                names,
                Scenarios.all().stream().map(Scenario::name).toList(),
                List.of("adapter", "raw"),
                Durability.PROCESS,
                Profile.FULL,
                6,
                42,
                Path.of("unused"),
                Map.of()));
        Random random = new Random(42);
        for (BrokerUnderTest broker : Brokers.all()) {
            boolean available = !broker.name().equals("rocketmq");
            made.brokers.add(new BrokerInfo(
                    broker.name(),
                    broker.title(),
                    broker.rawTitle(),
                    available,
                    available ? null : "no <server> & no container",
                    !available ? null : broker.kind().isEmpty() ? "embedded" : "process",
                    available ? "1.0" : null,
                    available ? "java -Xmx512m" : null,
                    broker.guarantee(Durability.PROCESS),
                    broker.parity(),
                    available ? Map.of("listeners", "127.0.0.1:9092,with.a.long.value=" + "x".repeat(120)) : Map.of()));
            if (available) {
                double rate = 10_000 * Math.pow(3, 2 - names.indexOf(broker.name()));
                plan.byBroker()
                        .get(broker.name())
                        .forEach(run -> made.runs.add(made(broker.name(), run, rate, random)));
            }
        }
        return made.results(false);
    }

    private static RunResult made(String broker, PlannedRun run, double rate, Random random) {
        double noise = 0.9 + 0.2 * random.nextDouble();
        Map<String, Object> parameters = new LinkedHashMap<>(run.parameters());
        if (run.load() instanceof Load.Theory theory) {
            boolean trouble = Demonstrations.named(run.scenario()).variants().indexOf(theory.variant()) == 0;
            boolean drawn =
                    run.scenario().equals("peak-shaving") || run.scenario().equals("failover");
            return result(
                            broker + " " + run.scenario() + " " + theory.variant(),
                            broker,
                            run.arm(),
                            run.scenario(),
                            parameters)
                    .withTiming(Timing.of(8.0))
                    .withOutcome(new Outcome(
                            600,
                            600,
                            600,
                            0,
                            Map.of("things that went wrong", trouble ? 21.0 : 0.0, "seconds it took", 6.2),
                            drawn ? timeline() : List.of(),
                            null));
        }
        if (run.load() instanceof Load.SlowDownstream slow) {
            double millis = slow.millis() * 1_000.0;
            LatencyMicros published = new LatencyMicros(900, 1_000, 1_300, 1_400, 1_500, 30);
            return result(broker + "-callers-" + slow.millis(), broker, run.arm(), run.scenario(), run.parameters())
                    .withLatency(new Latency(
                            published,
                            null,
                            null,
                            null,
                            new LatencyMicros(millis, millis, millis * 1.2, millis * 1.3, millis * 1.4, 30),
                            published))
                    .withMessages(messages(60, 0, 0, 0))
                    .withTiming(Timing.of(3.0));
        }
        if (run.parameters().containsKey("load")) {
            return open(broker, run.arm(), parameters, 900 * noise);
        }
        return closed(broker, run.arm(), run.scenario(), parameters, rate * noise);
    }

    private static Messages messages(long sent, long lost, long duplicates, long orderBreaks) {
        return new Messages(sent, sent, sent - lost, lost, duplicates, orderBreaks, 0, 0);
    }

    /** With only these runs. */
    public static Results of(List<RunResult> runs) {
        SyntheticResults made = new SyntheticResults();
        made.brokers.add(info("kafka", true, null));
        made.runs.addAll(runs);
        return made.results(false);
    }

    private void broker(String broker, double adapter, double raw, double p50) {
        brokers.add(info(broker, true, null));
        for (int window : List.of(1, 192, 1_000)) {
            double share = window == 1 ? 0.02 : window == 192 ? 0.5 : 1;
            runs.add(closed(broker, "adapter", "throughput", Map.of("window", window), adapter * share));
            runs.add(closed(broker, "raw", "throughput", Map.of("window", window), raw * share));
        }
        for (String load : List.of("10 %", "30 %", "60 %", "10 msg/s")) {
            runs.add(open(broker, "adapter", load, p50 * 1.02));
            runs.add(open(broker, "raw", load, p50));
        }
        runs.set(runs.size() - 1, runs.get(runs.size() - 1).voided("the load generator itself was late"));
        for (int pair = 1; pair <= 6; pair++) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("window", 1_000);
            parameters.put("pair", pair);
            double noise = 1 + (pair % 3 - 1) * 0.04;
            runs.add(closed(broker, "adapter", "overhead", parameters, adapter * noise));
            runs.add(closed(broker, "raw", "overhead", parameters, raw * (2 - noise)));
        }
    }

    /** A run with a closed window. */
    public static RunResult closed(
            String broker, String arm, String scenario, Map<String, Object> parameters, double rate) {
        return run(
                broker, arm, scenario, parameters, rate, new LatencyMicros(100, 200, 400, 900, 2_000, 1_000), 0, 0, 0);
    }

    private static RunResult open(String broker, String arm, String load, double p50) {
        return open(broker, arm, Map.of("load", load, "pair", 1), p50);
    }

    private static RunResult open(String broker, String arm, Map<String, Object> parameters, double p50) {
        return run(broker, arm, "latency", parameters, 5_000, LatencyMicros.whole(spread(p50)), 0, 0, 0);
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

    /** A run with flaws. */
    public static RunResult run(
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
        return result(id, broker, arm, scenario, parameters)
                .withTiming(new Timing(rate, 4.0, 5.0, true, List.of(rate, rate)))
                .withLatency(new Latency(latency, null, latency, null, null, null))
                .withUsage(new Usage(client, 3.0, 1_000_000L, 600_000_000L, null))
                .withMessages(messages(100_000, lost, duplicates, orderBreaks));
    }

    private static BrokerInfo info(String name, boolean available, String reason) {
        return new BrokerInfo(
                name,
                name,
                "plain client of " + name,
                available,
                reason,
                available ? "process" : null,
                available ? "1.0" : null,
                available ? "java -Xmx512m" : null,
                "A confirmed message survives.",
                List.of(BrokerInfo.Setting.both("acks", "all"), new BrokerInfo.Setting("headers", "two", "none")),
                available ? Map.of("listeners", "CLIENT://127.0.0.1:9092") : Map.of());
    }

    private Results results(boolean interrupted) {
        List<String> names = brokers.stream().map(BrokerInfo::name).toList();
        var comparisons = new ArrayList<io.anymq.bench.result.Comparison>();
        for (String name : names) {
            comparisons.addAll(Scenarios.compare(name, runs));
        }
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
                        Map.of("AnyMQ", "0.0")),
                new PlanInfo(
                        "quick",
                        names,
                        List.of("throughput"),
                        List.of("adapter", "raw"),
                        "process",
                        6,
                        42,
                        runs.size(),
                        interrupted),
                brokers,
                runs,
                comparisons,
                Goals.judge(names, runs, comparisons));
    }
}
