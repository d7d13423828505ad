package io.anymq.bench.run;

import io.anymq.bench.arm.ArmContext;
import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.broker.Brokers;
import io.anymq.bench.measure.Load;
import io.anymq.bench.measure.Markers;
import io.anymq.bench.measure.Measurement;
import io.anymq.bench.measure.RunSpec;
import io.anymq.bench.measure.WarmUp;
import io.anymq.bench.result.BrokerInfo;
import io.anymq.bench.result.Comparison;
import io.anymq.bench.result.Environment;
import io.anymq.bench.result.PlanInfo;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.scenario.PlannedRun;
import io.anymq.bench.scenario.Scenarios;
import io.anymq.bench.stats.Statistics;
import io.anymq.bench.theory.Demonstrations;
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
    /** Sends that may wait for a confirm, and messages that may wait for a handler. */
    public static final int MAX_IN_FLIGHT = 1_000;

    /** Keys, used uniformly at random. */
    public static final int KEYS = 1_000;

    private static final Duration ROOM_FOR_START_AND_DRAIN = Duration.ofSeconds(90);

    private final CompareOptions options;
    private final Plan plan;
    private final Progress progress;
    private final ChildJvms jvms;
    private final SplittableRandom seeds;
    private final List<BrokerInfo> brokers = new ArrayList<>();
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
        sayWhatIsMissing();
        for (Map.Entry<String, List<PlannedRun>> entry : plan.byBroker().entrySet()) {
            if (interrupted) {
                return;
            }
            compare(Brokers.named(entry.getKey()), entry.getValue());
        }
    }

    /** At once, not when it would be that broker's turn. */
    private void sayWhatIsMissing() {
        for (String name : plan.byBroker().keySet()) {
            BrokerSession.obstacle(Brokers.named(name), options)
                    .ifPresent(obstacle -> progress.say(name + " will be missing from the report: " + obstacle));
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
            makeAll(broker, session, planned.subList(0, crashes));
            if (session.isAlive()) {
                makeAll(broker, session, others);
                return;
            }
        }
        // The one that was killed did not come back.
        try (BrokerSession session = interrupted ? null : open(broker, others)) {
            if (session != null) {
                makeAll(broker, session, others);
            }
        }
    }

    /** Null if it cannot be had, which is noted then. */
    private @Nullable BrokerSession open(BrokerUnderTest broker, List<PlannedRun> planned) throws InterruptedException {
        progress.begins("starting " + broker.name());
        try {
            BrokerSession session = BrokerSession.open(broker, options);
            if (!isKnown(broker)) {
                brokers.add(session.info());
            }
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

    /** Makes runs on one process of the broker. */
    private void makeAll(BrokerUnderTest broker, BrokerSession session, List<PlannedRun> planned)
            throws IOException, InterruptedException {
        try {
            for (int first = 0; first < planned.size() && !interrupted; ) {
                List<PlannedRun> together = Plan.together(planned, first);
                first += together.size();
                if (jvms.mustEndBefore(together.get(0))) {
                    endJvms();
                }
                if (jvms.isEmpty()) {
                    warmUp(broker, session, Plan.group(planned, together.get(0)));
                }
                double estimate = together.stream()
                        .mapToDouble(run -> plan.estimatedSeconds(planned, run))
                        .max()
                        .orElse(0);
                List<RunResult> made = make(broker, session, together);
                if (!interrupted && made.stream().anyMatch(Comparer::generatorWasLate) && progress.isInTime()) {
                    made.forEach(this::keepBesides);
                    made = make(broker, session, together);
                }
                for (RunResult result : made) {
                    if (interrupted && !result.counts()) {
                        continue;
                    }
                    runs.add(result);
                    progress.ended(result, estimate / together.size());
                }
            }
        } finally {
            endJvms();
        }
    }

    private boolean isKnown(BrokerUnderTest broker) {
        return brokers.stream().anyMatch(known -> known.name().equals(broker.name()));
    }

    private void notMeasured(BrokerUnderTest broker, List<PlannedRun> planned, String reason) {
        if (!isKnown(broker)) {
            brokers.add(BrokerSession.unavailable(broker, options, reason));
            return;
        }
        for (PlannedRun run : planned) {
            runs.add(RunResult.of(id(broker, run, nextId(0), run.parameters()))
                    .voided("the broker did not start for it: " + reason));
        }
    }

    private static RunResult.Run id(BrokerUnderTest broker, PlannedRun run, String id, Map<String, Object> parameters) {
        return new RunResult.Run(id, broker.name(), run.arm(), run.scenario(), parameters);
    }

    private String nextId(int ahead) {
        return String.format(Locale.ROOT, "r%03d", runs.size() + ahead + 1);
    }

    /** Has the arms of a group of runs, each in its JVM, get ready for them. */
    private void warmUp(BrokerUnderTest broker, BrokerSession session, List<PlannedRun> group)
            throws IOException, InterruptedException {
        Map<String, RunSpec> firsts = new LinkedHashMap<>();
        for (PlannedRun run : group) {
            if (run.warmsUp() && !firsts.containsKey(run.arm()) && session.isAlive()) {
                String id = String.format(Locale.ROOT, "w%03d-%s", runs.size() + 1, run.arm());
                firsts.put(run.arm(), spec(broker, session, run, id, new Load.Closed(MAX_IN_FLIGHT)));
            }
        }
        if (firsts.isEmpty()) {
            return;
        }
        progress.begins(broker.name() + ": warming up");
        WarmUp bounds = group.get(0).warmUp();
        Duration patience = ROOM_FOR_START_AND_DRAIN.plusMillis(
                bounds.maxMillis() + bounds.paced().maxMillis());
        jvms.warmUp(group.get(0), List.copyOf(firsts.values()), patience);
    }

    /** Such a run is repeated at once if there is time: the machine was at fault, not the arm. */
    static boolean generatorWasLate(RunResult result) {
        String reason = result.reason();
        return reason != null && reason.startsWith(Measurement.LATE_GENERATOR);
    }

    /** It does not count and stays in the report: nothing that was measured is left out. */
    private void keepBesides(RunResult result) {
        runs.add(result);
        progress.say(result.id() + " is made once more: " + result.reason());
    }

    private void endJvms() throws IOException, InterruptedException {
        for (ChildJvms.Late late : jvms.end()) {
            runs.replaceAll(run -> late.runs().contains(run.id()) ? run.voided(late.reason()) : run);
        }
    }

    /** Makes runs side by side, or a single one. */
    private List<RunResult> make(BrokerUnderTest broker, BrokerSession session, List<PlannedRun> together)
            throws IOException, InterruptedException {
        List<RunResult> results = new ArrayList<>();
        List<RunSpec> specs = new ArrayList<>();
        List<PlannedRun> made = new ArrayList<>();
        for (PlannedRun run : together) {
            String id = nextId(specs.size() + results.size());
            Load load = run.load() instanceof Load.Share share ? atShare(broker.name(), share) : run.load();
            String obstacle = obstacle(session, load);
            if (load == null || obstacle != null) {
                results.add(RunResult.of(id(broker, run, id, run.parameters())).voided(obstacle));
            } else {
                specs.add(spec(broker, session, run, id, load));
                made.add(run);
            }
        }
        if (specs.isEmpty()) {
            return results;
        }
        PlannedRun first = made.get(0);
        progress.begins(broker.name() + " " + first.arm() + " " + first.scenario() + " " + first.parameters()
                + (made.size() == 1 ? "" : " and " + (made.size() - 1) + " others"));
        UsageProbe probe = new UsageProbe(session::usage);
        double estimate = made.stream()
                .mapToDouble(run -> run.estimatedSeconds(false))
                .max()
                .orElse(0);
        Duration patience = ROOM_FOR_START_AND_DRAIN.plusMillis(
                first.warmUp().maxMillis() + first.measureMillis() + (long) (estimate * 2_000));
        List<RunResult> ended = jvms.of(
                        first, specs.stream().map(spec -> spec.run().id()).toList())
                .run(specs, patience, line -> {
                    if (line.equals(Markers.KILL)) {
                        killAndRestart(session);
                    } else {
                        probe.accept(line);
                    }
                });
        for (RunResult result : ended) {
            results.add(probe.addTo(result));
        }
        return results;
    }

    /** Why a run cannot be made, or null. */
    private static @Nullable String obstacle(BrokerSession session, @Nullable Load load) {
        if (load == null) {
            return "its rate is a share of the capacity, which was not measured";
        }
        if (!session.isAlive()) {
            return "the broker's process has ended";
        }
        boolean kills = load instanceof Load.Theory theory
                && Demonstrations.named(theory.demonstration()).killsTheBroker();
        return kills && !session.canBeKilled()
                ? "this broker was started elsewhere and cannot be killed from here"
                : null;
    }

    private RunSpec spec(BrokerUnderTest broker, BrokerSession session, PlannedRun run, String id, Load load) {
        Map<String, Object> parameters = new LinkedHashMap<>(run.parameters());
        if (load instanceof Load.Open open) {
            parameters.put("messagesPerSecond", open.messagesPerSecond());
        }
        if (!(load instanceof Load.Theory)) {
            parameters.put("payloadBytes", run.setup().payloadBytes());
        }
        return new RunSpec(
                id(broker, run, id, parameters),
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
                        MAX_IN_FLIGHT,
                        broker.anymqSettings(options.durability()),
                        vendorSettings(broker),
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

    private Map<String, String> vendorSettings(BrokerUnderTest broker) {
        Map<String, String> settings = new LinkedHashMap<>(broker.vendorSettings(options.durability()));
        settings.putAll(options.rawSettings().getOrDefault(broker.name(), Map.of()));
        return settings;
    }

    /**
     * The same rate for all arms: the share of what the slowest of them does with the largest window. The median, since one
     * lucky run would set a rate that nothing keeps.
     */
    private @Nullable Load atShare(String broker, Load.Share share) {
        double maximum = Double.MAX_VALUE;
        for (String arm : options.arms()) {
            List<Double> rates = new ArrayList<>();
            for (RunResult run : runs) {
                Double rate = run.rate();
                boolean atCapacity = run.parameter("window").equals(String.valueOf(MAX_IN_FLIGHT));
                if (atCapacity
                        && run.broker().equals(broker)
                        && run.arm().equals(arm)
                        && run.counts()
                        && rate != null) {
                    rates.add(rate);
                }
            }
            if (rates.isEmpty()) {
                return null;
            }
            maximum = Math.min(maximum, Statistics.median(rates));
        }
        return new Load.Open(Math.max(1, Math.round(maximum * share.percentOfCapacity() / 100)));
    }

    /** The results so far. */
    public Results results(Environment environment) {
        List<Comparison> comparisons = new ArrayList<>();
        for (String broker : options.brokers()) {
            comparisons.addAll(Scenarios.compare(broker, runs));
        }
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
                brokers,
                runs,
                comparisons,
                Goals.judge(options.brokers(), runs, comparisons));
    }
}
