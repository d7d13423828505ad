package io.anymq.bench.measure;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Warm-up, measured time and balance of a run with a closed window or an open loop. */
public final class Measurement {
    /** What share of the time the most frequent key's handler was busy: 1 is all that per-key order allows. */
    public static final String HOT_KEY_SHARE = "share of the hot key's bound";

    /** Messages sent that fail whenever they are handled. */
    public static final String POISONED = "poisoned messages";

    /** Messages that came out of the dead-letter queue. */
    public static final String DEAD_LETTERS = "dead letters";

    /** How the reason begins where the load generator was late: nothing that the arm can be blamed for. */
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

    /** Only what comes before a measurement, for an arm that is to be measured later. Returns the rate that came of it. */
    double warmUp() throws Exception {
        Traffic traffic = arm.begin(spec, window(spec.load()), handlerMillis(spec.load()));
        Sender sender = new Sender(traffic, spec.load());
        sender.start();
        long begin = System.nanoTime();
        new Warming(warmUp, traffic.ledger).play();
        double rate = traffic.ledger.handledSoFar() / seconds(System.nanoTime() - begin);
        String problem = sender.stop();
        traffic.drain();
        String violation = arm.account(traffic).violation();
        if (problem != null || !violation.isEmpty()) {
            throw new IllegalStateException("warming up failed: " + (problem == null ? violation : problem));
        }
        return rate;
    }

    RunResult run() throws Exception {
        RunResult.Builder result = spec.result();
        Traffic traffic = arm.begin(spec, window(spec.load()), handlerMillis(spec.load()));
        Sender sender = new Sender(traffic, spec.load());
        sender.start();
        long warmUpStart = System.nanoTime();
        Boolean steady = new Warming(warmUp, traffic.ledger).play();
        double warmUpSeconds = seconds(System.nanoTime() - warmUpStart);

        Markers.say(Markers.BEGIN);
        long allocated = usage.allocatedBytes();
        long compiler = usage.compilerNanos();
        long cpu = usage.cpuNanos();
        long handled = traffic.ledger.handledSoFar();
        long begin = System.nanoTime();
        traffic.measureFrom(begin);
        sender.recordLagFrom(begin);
        List<Double> perSecond = measure(traffic.ledger, begin, handled);
        long end = System.nanoTime();
        traffic.measureTo(end);
        handled = traffic.ledger.handledSoFar() - handled;
        cpu = usage.cpuNanos() - cpu;
        compiler = usage.compilerNanos() - compiler;
        allocated = usage.allocatedBytes() - allocated;
        Markers.say(Markers.END);
        Long resident = usage.residentBytes();

        String problem = sender.stop();
        traffic.drain();

        Ledger.Balance balance = arm.account(traffic);
        double measuredSeconds = seconds(end - begin);
        double rate = handled / measuredSeconds;
        boolean open = spec.load() instanceof Load.Open;
        LatencyMicros latency = micros(traffic.latency(), open);
        LatencyMicros lag = open ? micros(sender.lag(), false) : null;
        String reason = reason(balance, problem, traffic.firstFailure(), rate, latency, lag);
        if (spec.load() instanceof Load.Policed policed) {
            result.findings(findings(policed.mix(), traffic, measuredSeconds, rate, latency));
        }
        return balance.into(result)
                .history(traffic.history())
                .messagesPerSecond(handled == 0 ? null : (Double) rate)
                .latencyMicros(latency)
                .latencyFromSendMicros(open ? micros(traffic.fromSend(), false) : null)
                .confirmMicros(micros(traffic.confirm(), false))
                .generatorLagMicros(lag)
                .measuredSeconds(measuredSeconds)
                .warmUpSeconds(warmUpSeconds)
                .steady(steady)
                .perSecond(perSecond)
                .cpuSeconds(seconds(Math.max(0, cpu - compiler)))
                .compilerSeconds(seconds(compiler))
                .allocatedBytesPerMessage(handled == 0 ? null : (Double) ((double) allocated / handled))
                .residentBytes(resident)
                .voided(reason)
                .build();
    }

    private static int window(Load load) {
        if (load instanceof Load.Closed closed) {
            return closed.window();
        }
        return load instanceof Load.Policed policed ? policed.window() : Integer.MAX_VALUE;
    }

    private static long handlerMillis(Load load) {
        return load instanceof Load.Policed policed ? policed.handlerMillis() : 0;
    }

    private Map<String, Double> findings(
            Load.Mix mix, Traffic traffic, double seconds, double rate, @Nullable LatencyMicros latency) {
        Map<String, Double> findings = new LinkedHashMap<>();
        findings.put("messages per second", (double) Math.round(rate));
        findings.put("MB per second", Math.round(rate * spec.payloadBytes() / 10_000) / 100.0);
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

    private List<Double> measure(Ledger ledger, long begin, long handledBefore) {
        List<Double> perSecond = new ArrayList<>();
        long end = begin + TimeUnit.MILLISECONDS.toNanos(spec.measureMillis());
        long last = begin;
        long before = handledBefore;
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
            Ledger.Balance balance,
            @Nullable String problem,
            @Nullable Throwable failure,
            double rate,
            @Nullable LatencyMicros latency,
            @Nullable LatencyMicros lag) {
        if (balance.sendFailures() > 0) {
            return balance.sendFailures() + " sends failed, the first with " + failure;
        }
        if (problem != null) {
            return problem;
        }
        if (balance.confirmed() < balance.sent()) {
            return (balance.sent() - balance.confirmed()) + " sends never ended";
        }
        if (latency == null || rate == 0) {
            return "nothing was handled within the measured time";
        }
        if (spec.load() instanceof Load.Open open && rate < KEPT_UP * open.messagesPerSecond()) {
            return String.format(
                    Locale.ROOT,
                    "kept up with %,.0f of %,.0f msg/s: the latency is that of a growing backlog",
                    rate,
                    open.messagesPerSecond());
        }
        if (spec.load() instanceof Load.Open open && rate > FELL_BEHIND * open.messagesPerSecond() + 1) {
            return String.format(
                    Locale.ROOT,
                    "handled %,.0f msg/s at a rate of %,.0f: it was still working off a backlog of the warm-up",
                    rate,
                    open.messagesPerSecond());
        }
        if (lag != null && lag.p99() > LAG_SHARE * latency.p99()) {
            return String.format(
                    Locale.ROOT,
                    LATE_GENERATOR + ": p99 %,.0f µs, more than %.0f %% of the latency's p99 of %,.0f µs",
                    lag.p99(),
                    LAG_SHARE * 100,
                    latency.p99());
        }
        return null;
    }

    /** {@code whole} keeps the histogram, too: for a latency that is a result by itself. */
    private static @Nullable LatencyMicros micros(Histogram nanos, boolean whole) {
        if (nanos.getTotalCount() == 0) {
            return null;
        }
        return whole ? LatencyMicros.whole(nanos) : LatencyMicros.of(nanos);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
