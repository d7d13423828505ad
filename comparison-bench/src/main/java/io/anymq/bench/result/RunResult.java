package io.anymq.bench.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run. Figures that were not measured are null, never 0. Immutable.
 *
 * @param run which run it was
 * @param startedAt ISO-8601
 * @param timing how long it took and how fast it was
 * @param latency how long messages waited
 * @param messages what the ledger counted
 * @param usage what it cost
 * @param findings what a demonstration counted, by its name in texts; null for other scenarios
 * @param timeline progress over time; empty unless the scenario records it
 * @param reason why the figures must not be used, or null if they count
 */
public record RunResult(
        Run run,
        String startedAt,
        Timing timing,
        Latency latency,
        Messages messages,
        Usage usage,
        @Nullable Map<String, Double> findings,
        List<TimePoint> timeline,
        @Nullable String reason) {
    /**
     * Which run it is.
     *
     * @param id unique within the results
     * @param broker such as {@code kafka}
     * @param arm {@code adapter} or {@code raw}
     * @param scenario such as {@code throughput}
     * @param parameters what was asked for: window, rate, payload, pair …
     */
    public record Run(String id, String broker, String arm, String scenario, Map<String, Object> parameters) {
        /** A parameter as text; empty if the run has none of that name. */
        public String parameter(String name) {
            return String.valueOf(parameters.getOrDefault(name, ""));
        }
    }

    /**
     * How long it took and how fast it was.
     *
     * @param messagesPerSecond sent, confirmed and handled within the measured time
     * @param measuredSeconds the measured time
     * @param warmUpSeconds the time before it
     * @param steady whether the warm-up became steady; null if its length was fixed
     * @param perSecond messages handled in each measured second
     */
    public record Timing(
            @Nullable Double messagesPerSecond,
            @Nullable Double measuredSeconds,
            @Nullable Double warmUpSeconds,
            @Nullable Boolean steady,
            List<Double> perSecond) {
        static final Timing NONE = new Timing(null, null, null, null, List.of());
    }

    /**
     * How long messages waited.
     *
     * @param total from the intended send time to the start of the handler
     * @param confirm from the actual send to the confirm
     * @param generatorLag how late the load generator itself was
     */
    public record Latency(
            @Nullable LatencyMicros total,
            @Nullable LatencyMicros confirm,
            @Nullable LatencyMicros generatorLag) {
        static final Latency NONE = new Latency(null, null, null);

        /** The median in microseconds, or null. */
        public @Nullable Double p50() {
            return total == null ? null : (Double) total.p50();
        }

        /** The 99th percentile in microseconds, or null. */
        public @Nullable Double p99() {
            return total == null ? null : (Double) total.p99();
        }
    }

    /**
     * What the ledger counted.
     *
     * @param sent messages handed to the arm, warm-up included
     * @param confirmed of these, confirmed
     * @param received of the confirmed ones, handled at least once
     * @param lost confirmed but never handled
     * @param duplicates handlings beyond the first of a message
     * @param orderBreaks handled after a later message of their key, or at the same time as one
     * @param foreign deliveries that were never sent in this run, or whose bytes changed
     * @param sendFailures sends that were not confirmed
     */
    public record Messages(
            long sent,
            long confirmed,
            long received,
            long lost,
            long duplicates,
            long orderBreaks,
            long foreign,
            long sendFailures) {
        static final Messages NONE = new Messages(0, 0, 0, 0, 0, 0, 0, 0);

        /** What a demonstration counted, which repeats and reorders messages on purpose. */
        public static Messages of(long sent, long confirmed, long received, long lost) {
            return new Messages(sent, confirmed, received, lost, 0, 0, 0, sent - confirmed);
        }

        /** All flaws, or null. No fault is injected, so even one duplicate has no excuse. */
        public @Nullable String violation() {
            StringJoiner flaws = new StringJoiner(", ");
            flaw(flaws, lost, "lost");
            flaw(flaws, duplicates, "duplicate");
            flaw(flaws, orderBreaks, "out of order");
            flaw(flaws, foreign, "foreign or damaged");
            return flaws.length() == 0 ? null : flaws.toString();
        }

        private static void flaw(StringJoiner flaws, long count, String what) {
            if (count > 0) {
                flaws.add(count + " " + what);
            }
        }
    }

    /**
     * What it cost.
     *
     * @param client the client JVM's share
     * @param brokerCpuSeconds of the broker's process; null for an embedded or remote one
     * @param brokerWrittenBytes written to disk by the broker's process
     * @param brokerResidentBytes of the broker's process at the end
     * @param stolenSeconds processor time that this machine wanted and its host gave to others; null if it is not counted
     */
    public record Usage(
            Client client,
            @Nullable Double brokerCpuSeconds,
            @Nullable Long brokerWrittenBytes,
            @Nullable Long brokerResidentBytes,
            @Nullable Double stolenSeconds) {
        static final Usage NONE = new Usage(new Client(null, null, null, null), null, null, null, null);

        /**
         * The client JVM's share.
         *
         * @param cpuSeconds without the JVM's compiler
         * @param compilerSeconds of the compiler: none in a JVM that has run for long
         * @param allocatedBytesPerMessage heap allocated per message
         * @param residentBytes at the end
         */
        public record Client(
                @Nullable Double cpuSeconds,
                @Nullable Double compilerSeconds,
                @Nullable Double allocatedBytesPerMessage,
                @Nullable Long residentBytes) {}
    }

    /**
     * How far things were at a moment of a run.
     *
     * @param seconds since the beginning
     * @param sent messages handed to the producer so far
     * @param confirmed of these, confirmed
     * @param handled messages handled so far
     */
    public record TimePoint(double seconds, long sent, long confirmed, long handled) {}

    /** A result without figures yet, as of now. */
    public static RunResult of(Run run) {
        String now = Instant.now().toString();
        return new RunResult(run, now, Timing.NONE, Latency.NONE, Messages.NONE, Usage.NONE, null, List.of(), null);
    }

    /** The same, measured; a violation voids it. */
    public RunResult measured(Timing took, Latency waited, Messages counted, Usage.Client used) {
        Usage cost = new Usage(used, null, null, null, null);
        return new RunResult(run, startedAt, took, waited, counted, cost, findings, timeline, reason)
                .voided(counted.violation());
    }

    /** The same with what a demonstration counted. */
    public RunResult demonstrated(double seconds, Messages counted, Map<String, Double> found, List<TimePoint> points) {
        Timing took = new Timing(null, seconds, null, null, List.of());
        return new RunResult(run, startedAt, took, latency, counted, usage, found, points, reason);
    }

    /** The same with these costs. */
    public RunResult withUsage(Usage other) {
        return new RunResult(run, startedAt, timing, latency, messages, other, findings, timeline, reason);
    }

    /** The same with what a demonstration or a policy run found. */
    public RunResult withFindings(Map<String, Double> other) {
        return new RunResult(run, startedAt, timing, latency, messages, usage, other, timeline, reason);
    }

    /** The same, no longer counted; the first reason stays. Null changes nothing. */
    public RunResult voided(@Nullable String because) {
        return because == null || reason != null
                ? this
                : new RunResult(run, startedAt, timing, latency, messages, usage, findings, timeline, because);
    }

    /** Unique within the results. */
    public String id() {
        return run.id();
    }

    /** Such as {@code kafka}. */
    public String broker() {
        return run.broker();
    }

    /** The arm, {@code adapter} or {@code raw}. */
    public String arm() {
        return run.arm();
    }

    /** Such as {@code throughput}. */
    public String scenario() {
        return run.scenario();
    }

    /** A parameter as text; empty if there is none of that name. */
    public String parameter(String name) {
        return run.parameter(name);
    }

    /** Messages a second, or null. */
    public @Nullable Double rate() {
        return timing.messagesPerSecond();
    }

    /** Whether the figures may be used. */
    public boolean counts() {
        return reason == null;
    }

    /** The finding of this name, or null. */
    public @Nullable Double finding(String name) {
        return findings == null ? null : findings.get(name);
    }

    /** Whether this shows something by counting, rather than measuring how fast it is. */
    public boolean demonstrated() {
        return findings != null && timing.perSecond().isEmpty();
    }

    /** Whether a message was lost, repeated, reordered or foreign, or a policy did not do its work. */
    public boolean incorrect() {
        return (demonstrated() && reason != null) || messages.violation() != null;
    }

    /** Client CPU per message in microseconds, or null. */
    public @Nullable Double cpuMicrosPerMessage() {
        return perMessage(usage.client().cpuSeconds(), 1e6);
    }

    /** CPU of the broker's process per message in microseconds, or null. */
    public @Nullable Double brokerCpuMicrosPerMessage() {
        return perMessage(usage.brokerCpuSeconds(), 1e6);
    }

    /** Bytes that the broker's process wrote per message, or null. */
    public @Nullable Double brokerWrittenPerMessage() {
        return perMessage(usage.brokerWrittenBytes(), 1);
    }

    /** Bytes allocated by the client JVM per message, or null. */
    public @Nullable Double allocatedPerMessage() {
        return usage.client().allocatedBytesPerMessage();
    }

    /** Null if there is no amount, or no message was handled within the measured time. */
    private @Nullable Double perMessage(@Nullable Number amount, double unit) {
        Double rate = timing.messagesPerSecond();
        Double seconds = timing.measuredSeconds();
        return amount == null || rate == null || seconds == null || rate * seconds < 1
                ? null
                : (Double) (amount.doubleValue() * unit / (rate * seconds));
    }
}
