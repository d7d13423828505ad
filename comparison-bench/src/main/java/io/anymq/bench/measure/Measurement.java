package io.anymq.bench.measure;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.RunResult;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Warm-up, measured time and balance of a run with a closed window or an open loop. */
final class Measurement {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double AGREEMENT = 1.10;
    private static final long QUIET_COMPILER_MILLIS = 50;
    private static final double LAG_SHARE = 0.20;
    private static final double KEPT_UP = 0.90;
    private static final double FELL_BEHIND = 1.10;

    private final RunSpec spec;
    private final OpenArm arm;
    private final ClientUsage usage = new ClientUsage();

    Measurement(RunSpec spec, OpenArm arm) {
        this.spec = spec;
        this.arm = arm;
    }

    RunResult run() throws Exception {
        RunResult.Builder result = spec.result();
        int windowSize = spec.load() instanceof Load.Closed closed ? closed.window() : Integer.MAX_VALUE;
        Traffic traffic = arm.begin(spec, windowSize, 0);
        Sender sender = new Sender(traffic, spec.load());
        sender.start();
        long warmUpStart = System.nanoTime();
        Boolean steady = warmUp(traffic.ledger);
        double warmUpSeconds = seconds(System.nanoTime() - warmUpStart);

        Markers.say(Markers.BEGIN);
        long allocated = usage.allocatedBytes();
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
        return balance.into(result)
                .messagesPerSecond(handled == 0 ? null : (Double) rate)
                .latencyMicros(latency)
                .latencyFromSendMicros(open ? micros(traffic.fromSend(), false) : null)
                .confirmMicros(micros(traffic.confirm(), false))
                .generatorLagMicros(lag)
                .measuredSeconds(measuredSeconds)
                .warmUpSeconds(warmUpSeconds)
                .steady(steady)
                .perSecond(perSecond)
                .cpuSeconds(seconds(cpu))
                .allocatedBytesPerMessage(handled == 0 ? null : (Double) ((double) allocated / handled))
                .residentBytes(resident)
                .voided(reason)
                .build();
    }

    /** Null where the length is given; else whether it ended because nothing changed any more. */
    private @Nullable Boolean warmUp(Ledger ledger) {
        WarmUp warmUp = arm.isWarm(spec) ? spec.warmUp().again() : spec.warmUp();
        if (warmUp.fixed()) {
            Pace.millis(warmUp.minMillis());
            return null;
        }
        long start = System.nanoTime();
        long before = ledger.handledSoFar();
        long compiledBefore = compilerMillis();
        Deque<Long> lastThree = new ArrayDeque<>();
        for (int second = 1; ; second++) {
            Pace.until(start + second * SECOND);
            long now = ledger.handledSoFar();
            long compiled = compilerMillis();
            boolean compiling = compiled - compiledBefore > QUIET_COMPILER_MILLIS;
            lastThree.addLast(now - before);
            before = now;
            compiledBefore = compiled;
            if (lastThree.size() > 3) {
                lastThree.removeFirst();
            }
            if (second * 1_000L >= warmUp.minMillis() && !compiling && agree(lastThree)) {
                return true;
            }
            if (second * 1_000L >= warmUp.maxMillis()) {
                return false;
            }
        }
    }

    /** On two processors a busy compiler takes more than the clients that are to be compared. */
    private static long compilerMillis() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }

    private static boolean agree(Deque<Long> counts) {
        long low = counts.stream().mapToLong(Long::longValue).min().orElse(0);
        long high = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        return counts.size() == 3 && low > 0 && high <= low * AGREEMENT;
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
                    "the load generator itself was late: p99 %,.0f µs, more than %.0f %% of the latency's p99 of %,.0f µs",
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
