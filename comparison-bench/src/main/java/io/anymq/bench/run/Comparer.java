package io.anymq.bench.run;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.Measurement;
import io.anymq.bench.measure.RunSpec;
import io.anymq.bench.measure.WarmUp;
import io.anymq.bench.measure.Worker;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.Results.Environment;
import io.anymq.bench.result.Results.PlanInfo;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.CapacityScenarios;
import io.anymq.bench.scenario.CompareOptions;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Statistics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Carries out a plan: one broker alive at a time, one run at a time. {@link #interrupt()} from any thread. */
public final class Comparer {
    /** Keys, used uniformly at random. */
    private static final int KEYS = 1_000;

    private static final Duration ROOM_FOR_START_AND_DRAIN = Duration.ofSeconds(90);

    private final CompareOptions options;
    private final Plan plan;
    private final Progress progress;
    private final ChildJvms jvms;
    private final SplittableRandom seeds;
    private final Map<String, BrokerInfo> brokers = new LinkedHashMap<>();
    private final List<RunResult> runs = new ArrayList<>();
    private volatile boolean interrupted;

    /** For one plan; used once. */
    public Comparer(CompareOptions options, Plan plan, Progress progress) {
        this.options = options;
        this.plan = plan;
        this.progress = progress;
        jvms = new ChildJvms(options.out().resolve("logs"));
        seeds = new SplittableRandom(options.seed());
    }

    /** Ends the present run and makes no more; {@link #run()} then returns what there is. */
    public void interrupt() {
        interrupted = true;
        jvms.cancel();
    }

    /** Makes all runs. */
    public void run() throws IOException, InterruptedException {
        // At once, not when it would be that broker's turn.
        plan.byBroker()
                .keySet()
                .forEach(name -> BrokerSession.obstacle(Brokers.named(name), options)
                        .ifPresent(obstacle -> progress.say(name + " will be missing from the report: " + obstacle)));
        for (Map.Entry<String, List<PlannedRun>> entry : plan.byBroker().entrySet()) {
            compare(Brokers.named(entry.getKey()), entry.getValue());
        }
    }

    private void compare(BrokerUnderTest broker, List<PlannedRun> planned) throws IOException, InterruptedException {
        int crashes =
                (int) planned.stream().takeWhile(PlannedRun::killsTheBroker).count();
        List<PlannedRun> others = planned.subList(crashes, planned.size());
        try (BrokerSession session = open(broker, planned)) {
            if (session == null) {
                return;
            }
            makeAll(session, planned.subList(0, crashes));
            if (session.isAlive()) {
                makeAll(session, others);
                return;
            }
        }
        // The one that was killed did not come back.
        try (BrokerSession session = open(broker, others)) {
            if (session != null) {
                makeAll(session, others);
            }
        }
    }

    /** Null if it cannot be had, which is noted then. */
    private @Nullable BrokerSession open(BrokerUnderTest broker, List<PlannedRun> planned) throws InterruptedException {
        if (interrupted) {
            return null;
        }
        progress.begins("starting " + broker.name());
        try {
            BrokerSession session = BrokerSession.open(broker, options);
            brokers.putIfAbsent(broker.name(), session.info());
            progress.skip(0, Plan.startSeconds(broker.name()));
            return session;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | ServiceConfigurationError e) {
            // Errors, too: a half-present Testcontainers must not take the other brokers' results along.
            if (!interrupted) {
                String reason = e.getMessage() == null ? e.toString() : e.getMessage();
                progress.say(broker.name() + " cannot be measured: " + reason);
                progress.skip(planned.size(), plan.estimatedSeconds(broker.name()));
                notMeasured(broker, planned, reason);
            }
            return null;
        }
    }

    private void notMeasured(BrokerUnderTest broker, List<PlannedRun> planned, String reason) {
        if (brokers.putIfAbsent(broker.name(), BrokerSession.unavailable(broker, options, reason)) != null) {
            for (PlannedRun run : planned) {
                runs.add(RunResult.of(run.named(nextId(0), broker.name()))
                        .voided("the broker did not start for it: " + reason));
            }
        }
    }

    /** Makes runs on one process of the broker. */
    private void makeAll(BrokerSession session, List<PlannedRun> planned) throws IOException, InterruptedException {
        try {
            for (int first = 0; first < planned.size() && !interrupted; ) {
                List<PlannedRun> together = Plan.together(planned, first);
                first += together.size();
                if (jvms.mustEndBefore(together.get(0))) {
                    endJvms();
                }
                if (jvms.isEmpty()) {
                    warmUp(session, Plan.group(planned, together.get(0)));
                }
                List<RunResult> made = make(session, together);
                if (!interrupted && made.stream().anyMatch(Comparer::generatorWasLate) && progress.isInTime()) {
                    // The machine was at fault, not the arm. Nothing that was measured is left out of the report.
                    runs.addAll(made);
                    made.forEach(run -> progress.say(run.id() + " is made once more: " + run.reason()));
                    made = make(session, together);
                }
                double estimate = Plan.longest(together, run -> plan.estimatedSeconds(planned, run));
                for (RunResult result : made) {
                    if (!interrupted || result.counts()) {
                        runs.add(result);
                        progress.ended(result, estimate / together.size());
                    }
                }
            }
        } finally {
            endJvms();
        }
    }

    /** Such a run is repeated at once if there is time. */
    static boolean generatorWasLate(RunResult result) {
        String reason = result.reason();
        return reason != null && reason.startsWith(Measurement.LATE_GENERATOR);
    }

    private void endJvms() throws IOException, InterruptedException {
        Map<String, String> late = jvms.end();
        runs.replaceAll(run -> run.voided(late.get(run.id())));
    }

    private String nextId(int ahead) {
        return String.format(Locale.ROOT, "r%03d", runs.size() + ahead + 1);
    }

    /** Has the arms of a group of runs, each in its JVM, get ready for them. */
    private void warmUp(BrokerSession session, List<PlannedRun> group) throws IOException, InterruptedException {
        Map<String, RunSpec> firsts = new LinkedHashMap<>();
        for (PlannedRun run : group) {
            if (run.warmsUp() && !firsts.containsKey(run.arm()) && session.isAlive()) {
                String id = String.format(Locale.ROOT, "w%03d-%s", runs.size() + 1, run.arm());
                firsts.put(run.arm(), spec(session, run, id, new Load.Closed(CapacityScenarios.LARGEST_WINDOW)));
            }
        }
        if (!firsts.isEmpty()) {
            progress.begins(session.broker().name() + ": warming up");
            WarmUp bounds = group.get(0).warmUp();
            Duration patience = ROOM_FOR_START_AND_DRAIN.plusMillis(
                    bounds.maxMillis() + bounds.paced().maxMillis());
            jvms.warmUp(group.get(0), List.copyOf(firsts.values()), patience);
        }
    }

    /** Makes runs side by side, or a single one. */
    private List<RunResult> make(BrokerSession session, List<PlannedRun> together)
            throws IOException, InterruptedException {
        String broker = session.broker().name();
        List<RunResult> results = new ArrayList<>();
        List<RunSpec> specs = new ArrayList<>();
        List<PlannedRun> made = new ArrayList<>();
        for (PlannedRun run : together) {
            String id = nextId(specs.size() + results.size());
            Load load = run.load() instanceof Load.Share share ? atShare(broker, share) : run.load();
            String obstacle = obstacle(session, run);
            if (load == null || obstacle != null) {
                results.add(RunResult.of(run.named(id, broker))
                        .voided(
                                load == null
                                        ? "its rate is a share of the capacity, which was not measured"
                                        : obstacle));
            } else {
                specs.add(spec(session, run, id, load));
                made.add(run);
            }
        }
        if (specs.isEmpty()) {
            return results;
        }
        PlannedRun first = made.get(0);
        progress.begins(broker + " " + first.arm() + " " + first.scenario() + " " + first.parameters()
                + (made.size() == 1 ? "" : " and " + (made.size() - 1) + " others"));
        UsageProbe probe = new UsageProbe(session::usage);
        double estimate = Plan.longest(made, run -> run.estimatedSeconds(false));
        Duration patience = ROOM_FOR_START_AND_DRAIN.plusMillis(
                first.warmUp().maxMillis() + first.measureMillis() + (long) (estimate * 2_000));
        jvms.of(first, specs.get(0).run().id())
                .run(specs, patience, line -> {
                    if (line.equals(Worker.KILL)) {
                        killAndRestart(session);
                    } else {
                        probe.accept(line);
                    }
                })
                .forEach(result -> results.add(probe.addTo(result)));
        return results;
    }

    /** Why a run cannot be made, or null. */
    private static @Nullable String obstacle(BrokerSession session, PlannedRun run) {
        if (!session.isAlive()) {
            return "the broker's process has ended";
        }
        return run.killsTheBroker() && !session.canBeKilled()
                ? "this broker was started elsewhere and cannot be killed from here"
                : null;
    }

    private RunSpec spec(BrokerSession session, PlannedRun run, String id, Load load) {
        BrokerUnderTest broker = session.broker();
        RunResult.Run named = run.named(id, broker.name());
        if (load instanceof Load.Open open) {
            named.parameters().put("messagesPerSecond", open.messagesPerSecond());
        }
        if (!(load instanceof Load.Theory)) {
            named.parameters().put("payloadBytes", run.setup().payloadBytes());
        }
        Map<String, String> vendor = new LinkedHashMap<>(broker.vendorSettings(options.durability()));
        vendor.putAll(options.rawSettings(broker));
        return new RunSpec(
                named,
                load,
                run.warmUp(),
                run.measureMillis(),
                run.setup().payloadBytes(),
                KEYS,
                seeds.nextLong(),
                options.durability(),
                new ArmContext(
                        session.url(),
                        session.bootstrap(),
                        "bench-" + id,
                        run.setup().handlers(),
                        CapacityScenarios.LARGEST_WINDOW,
                        broker.anymqSettings(options.durability()),
                        vendor,
                        run.setup().policy()));
    }

    private void killAndRestart(BrokerSession session) {
        try {
            session.killAndRestart();
        } catch (RuntimeException e) {
            // The run sees that nothing comes back and says so.
            progress.say("the broker did not come back: " + e.getMessage());
        }
    }

    /**
     * The same rate for all arms: the share of what the slowest of them does with the largest window. The median, since one
     * lucky run would set a rate that nothing keeps.
     */
    private @Nullable Load atShare(String broker, Load.Share share) {
        double maximum = Double.MAX_VALUE;
        for (String arm : options.arms()) {
            List<RunResult> full = runs.stream()
                    .filter(run -> run.broker().equals(broker) && run.arm().equals(arm) && run.counts())
                    .filter(run -> run.parameter("window").equals(String.valueOf(CapacityScenarios.LARGEST_WINDOW)))
                    .toList();
            Double median = Statistics.median(full, RunResult::rate);
            if (median == null) {
                return null;
            }
            maximum = Math.min(maximum, median);
        }
        return new Load.Open(Math.max(1, Math.round(maximum * share.percentOfCapacity() / 100)));
    }

    /** The results so far. */
    public Results results(Environment environment) {
        List<Comparison> comparisons = options.brokers().stream()
                .flatMap(broker -> Scenarios.compare(broker, runs).stream())
                .toList();
        PlanInfo info = new PlanInfo(
                options.profile().toString(),
                options.brokers(),
                options.scenarios(),
                options.arms(),
                options.durability().name().toLowerCase(Locale.ROOT),
                options.pairs(),
                options.seed(),
                plan.size(),
                interrupted);
        return new Results(
                Results.SCHEMA_VERSION,
                environment,
                info,
                List.copyOf(brokers.values()),
                runs,
                comparisons,
                Goals.judge(options.brokers(), runs, comparisons));
    }
}
