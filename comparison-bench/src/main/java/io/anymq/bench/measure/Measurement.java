package io.anymq.bench.measure;

import static io.anymq.bench.result.Texts.format;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import io.anymq.bench.result.RunResult.Latency;
import io.anymq.bench.result.RunResult.Messages;
import io.anymq.bench.result.RunResult.Timing;
import io.anymq.bench.result.RunResult.Usage;
import io.anymq.bench.stats.Pace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Warm-up, measurement and accounting of a run with a closed window or at a fixed rate. */
public final class Measurement {
    /** The share of the time in which the most frequent key's handler was busy: 1 is the limit of per-key order. */
    public static final String HOT_KEY_SHARE = "share of the hot key's bound";
    /** Messages sent that always fail. */
    public static final String POISONED = "poisoned messages";
    /** Messages received from the dead-letter queue. */
    public static final String DEAD_LETTERS = "dead letters";
    /** How the reason begins if the load generator was late, which is not the arm's fault. */
    public static final String LATE_GENERATOR = "the load generator itself was late";

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double LAG_SHARE = 0.20;
    private static final double KEPT_UP = 0.90;
    private static final double FELL_BEHIND = 1.10;

    private final RunSpec spec;
    private final OpenArm arm;
    private final WarmUp warmUp;
    private final ClientUsage usage = new ClientUsage();

    Measurement(RunSpec spec, OpenArm arm, WarmUp warmUp) {
        this.warmUp = warmUp;
        this.spec = spec;
        this.arm = arm;
    }

    private Traffic begin() throws Exception {
        if (spec.load() instanceof Load.Policed policed) {
            return arm.begin(spec, policed.window(), policed.handlerMillis());
        }
        return arm.begin(spec, spec.load() instanceof Load.Closed closed ? closed.window() : Integer.MAX_VALUE, 0);
    }

    /** Only warms up, for an arm that is measured later; returns the rate it reached. */
    double warmUp() throws Exception {
        Traffic traffic = begin();
        Sender sender = new Sender(traffic, spec.load());
        sender.start();
        long begin = System.nanoTime();
        warmUp.play(traffic.ledger, usage);
        double rate = traffic.ledger.handledSoFar() / seconds(System.nanoTime() - begin);
        String problem = sender.stop();
        traffic.drain();
        String violation = arm.account(traffic).violation();
        if (problem != null || violation != null) {
            throw new IllegalStateException("warming up failed: " + (problem == null ? violation : problem));
        }
        return rate;
    }

    /** What had been used and handled at a moment. */
    private record Moment(long nanos, long cpu, long compiler, long allocated, long handled) {
        Moment minus(Moment before) {
            return new Moment(
                    nanos - before.nanos,
                    cpu - before.cpu,
                    compiler - before.compiler,
                    allocated - before.allocated,
                    handled - before.handled);
        }
    }

    private Moment now(Ledger ledger) throws IOException {
        long allocated = usage.allocatedBytes();
        long compiler = usage.compilerNanos();
        return new Moment(System.nanoTime(), usage.cpuNanos(), compiler, allocated, ledger.handledSoFar());
    }

    RunResult run() throws Exception {
        RunResult result = RunResult.of(spec.run());
        Traffic traffic = begin();
        Sender sender = new Sender(traffic, spec.load());
        sender.start();
        long warmUpStart = System.nanoTime();
        Boolean steady = warmUp.play(traffic.ledger, usage);
        double warmUpSeconds = seconds(System.nanoTime() - warmUpStart);
        Worker.say(Worker.MEASURE_FROM);
        Moment begin = now(traffic.ledger);
        traffic.measureFrom(begin.nanos);
        sender.recordLagFrom(begin.nanos);
        List<Double> perSecond = measure(traffic.ledger, begin);
        traffic.measureTo(System.nanoTime());
        Moment used = now(traffic.ledger).minus(begin);
        Worker.say(Worker.MEASURE_TO);
        Long resident = usage.residentBytes();
        String problem = sender.stop();
        traffic.drain();
        Messages messages = arm.account(traffic);
        double measuredSeconds = seconds(used.nanos);
        Double rate = used.handled == 0 ? null : (Double) (used.handled / measuredSeconds);
        boolean open = spec.load() instanceof Load.Open;
        LatencyMicros total =
                open ? LatencyMicros.whole(traffic.latency.merged()) : LatencyMicros.of(traffic.latency.merged());
        LatencyMicros confirm = LatencyMicros.of(traffic.confirm.merged());
        LatencyMicros lag = open ? LatencyMicros.of(sender.lag()) : null;
        Usage.Client client = new Usage.Client(
                seconds(Math.max(0, used.cpu - used.compiler)),
                seconds(used.compiler),
                used.handled == 0 ? null : (Double) ((double) used.allocated / used.handled),
                resident);
        if (spec.load() instanceof Load.Policed policed) {
            result = result.withFindings(findings(policed.mix(), traffic, measuredSeconds, rate, total));
        }
        Timing timing = new Timing(rate, measuredSeconds, warmUpSeconds, steady, perSecond);
        return result.measured(timing, new Latency(total, confirm, lag), messages, client)
                .voided(reason(messages, problem, traffic.firstFailure(), rate, total, lag));
    }

    private Map<String, Double> findings(
            Load.Mix mix, Traffic traffic, double seconds, @Nullable Double rate, @Nullable LatencyMicros latency) {
        Map<String, Double> findings = new LinkedHashMap<>();
        double perSecond = rate == null ? 0 : rate;
        findings.put("messages per second", (double) Math.round(perSecond));
        findings.put("MB per second", Math.round(perSecond * spec.payloadBytes() / 10_000) / 100.0);
        if (mix == Load.Mix.ZIPF) {
            findings.put(HOT_KEY_SHARE, traffic.hotNanos() / 1e9 / seconds);
        }
        if (mix == Load.Mix.POISON) {
            findings.put(POISONED, (double) traffic.poisoned());
            findings.put(DEAD_LETTERS, (double) traffic.buriedSoFar());
        }
        if (mix == Load.Mix.POISON && latency != null) {
            findings.put("p99 in ms of keys without poison", Math.round(latency.p99() / 10) / 100.0);
        }
        return findings;
    }

    /** Waits, and counts what is handled in each second. */
    private List<Double> measure(Ledger ledger, Moment begin) {
        List<Double> perSecond = new ArrayList<>();
        long end = begin.nanos + TimeUnit.MILLISECONDS.toNanos(spec.measureMillis());
        long last = begin.nanos;
        long before = begin.handled;
        while (end - last > 0) {
            Pace.until(Math.min(end, last + SECOND));
            long now = System.nanoTime();
            long handled = ledger.handledSoFar();
            perSecond.add((double) Math.round((handled - before) / seconds(now - last)));
            before = handled;
            last = now;
        }
        return perSecond;
    }

    private @Nullable String reason(
            Messages messages,
            @Nullable String problem,
            @Nullable Throwable failure,
            @Nullable Double rate,
            @Nullable LatencyMicros latency,
            @Nullable LatencyMicros lag) {
        if (messages.sendFailures() > 0) {
            return messages.sendFailures() + " sends failed, the first with " + failure;
        }
        if (problem != null) {
            return problem;
        }
        if (messages.confirmed() < messages.sent()) {
            return (messages.sent() - messages.confirmed()) + " sends never ended";
        }
        if (latency == null || rate == null) {
            return "nothing was handled within the measured time";
        }
        double wanted = spec.load() instanceof Load.Open open ? open.messagesPerSecond() : rate;
        if (rate < KEPT_UP * wanted) {
            return format("kept up with %,.0f of %,.0f msg/s: the latency is that of a growing backlog", rate, wanted);
        }
        if (rate > FELL_BEHIND * wanted + 1) {
            return format(
                    "handled %,.0f msg/s at a rate of %,.0f: it was still working off the warm-up's backlog",
                    rate, wanted);
        }
        if (lag != null && lag.p99() > LAG_SHARE * latency.p99()) {
            return LATE_GENERATOR
                    + format(
                            ": p99 %,.0f µs, more than %.0f %% of the latency's p99 of %,.0f µs",
                            lag.p99(), LAG_SHARE * 100, latency.p99());
        }
        return null;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
