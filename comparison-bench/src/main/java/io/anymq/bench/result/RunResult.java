package io.anymq.bench.result;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run. Figures that were not measured are null, never 0. Immutable.
 *
 * @param run which run it was
 * @param startedAt ISO-8601
 * @param timing how long it took and how fast it was
 * @param latency how long messages and callers waited
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

        /** Only a duration. */
        public static Timing of(double seconds) {
            return new Timing(null, seconds, null, null, List.of());
        }

        /** Messages handled within the measured time; null if they were not counted or there were none. */
        @Nullable
        Double handled() {
            Double rate = messagesPerSecond;
            Double seconds = measuredSeconds;
            return rate == null || seconds == null || rate * seconds < 1 ? null : (Double) (rate * seconds);
        }
    }

    /**
     * How long messages and callers waited.
     *
     * @param total from the intended send time to the start of the handler
     * @param fromSend from the actual send; leaves out what a late generator adds, so it is no substitute
     * @param confirm from the actual send to the confirm
     * @param generatorLag how late the load generator itself was
     * @param calling how long a caller waited for a slow service; only for the scenario about that
     * @param publishing how long the same caller waited when it published instead
     */
    public record Latency(
            @Nullable LatencyMicros total,
            @Nullable LatencyMicros fromSend,
            @Nullable LatencyMicros confirm,
            @Nullable LatencyMicros generatorLag,
            @Nullable LatencyMicros calling,
            @Nullable LatencyMicros publishing) {
        static final Latency NONE = new Latency(null, null, null, null, null, null);

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

        static Messages of(Outcome ended) {
            long failures = ended.sent() - ended.confirmed();
            return new Messages(ended.sent(), ended.confirmed(), ended.handled(), ended.lost(), 0, 0, 0, failures);
        }

        /** The first flaw, or null. No fault is injected, so even one duplicate has no excuse. */
        public @Nullable String violation() {
            String flaws = Stream.of(
                            flaw(lost, "lost"),
                            flaw(duplicates, "duplicate"),
                            flaw(orderBreaks, "out of order"),
                            flaw(foreign, "foreign or damaged"))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(", "));
            return flaws.isEmpty() ? null : flaws;
        }

        private static Optional<String> flaw(long count, String what) {
            return count > 0 ? Optional.of(count + " " + what) : Optional.empty();
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

    /**
     * The outcome of one variant of a demonstration.
     *
     * @param sent messages sent
     * @param confirmed of these, confirmed
     * @param handled messages handled, each counted once
     * @param lost confirmed but never handled
     * @param findings what was counted, by its name in texts
     * @param timeline progress over time; may be empty
     * @param flaw what must not happen in this variant and did, or null
     */
    public record Outcome(
            long sent,
            long confirmed,
            long handled,
            long lost,
            Map<String, Double> findings,
            List<TimePoint> timeline,
            @Nullable String flaw) {}

    /** A result without figures yet, as of now. */
    public static RunResult of(Run run) {
        return new RunResult(
                run,
                Instant.now().toString(),
                Timing.NONE,
                Latency.NONE,
                Messages.NONE,
                Usage.NONE,
                null,
                List.of(),
                null);
    }

    /** The same with these times. */
    public RunResult withTiming(Timing other) {
        return new RunResult(run, startedAt, other, latency, messages, usage, findings, timeline, reason);
    }

    /** The same with these latencies. */
    public RunResult withLatency(Latency other) {
        return new RunResult(run, startedAt, timing, other, messages, usage, findings, timeline, reason);
    }

    /** The same with these counts; a violation voids it. */
    public RunResult withMessages(Messages other) {
        return new RunResult(run, startedAt, timing, latency, other, usage, findings, timeline, reason)
                .voided(other.violation());
    }

    /** The same with these costs. */
    public RunResult withUsage(Usage other) {
        return new RunResult(run, startedAt, timing, latency, messages, other, findings, timeline, reason);
    }

    /** The same with what a demonstration or a policy run found. */
    public RunResult withFindings(Map<String, Double> other) {
        return new RunResult(run, startedAt, timing, latency, messages, usage, other, timeline, reason);
    }

    /** The same with a demonstration's outcome; lost messages, and what its policy failed to prevent, void it. */
    public RunResult withOutcome(Outcome ended) {
        Messages counted = Messages.of(ended);
        Map<String, Double> found = ended.findings();
        return new RunResult(run, startedAt, timing, latency, counted, usage, found, ended.timeline(), reason)
                .voided(ended.flaw());
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
        Double seconds = usage.client().cpuSeconds();
        return perMessage(seconds == null ? null : (Double) (seconds * 1e6));
    }

    /** CPU of the broker's process per message in microseconds, or null. */
    public @Nullable Double brokerCpuMicrosPerMessage() {
        Double seconds = usage.brokerCpuSeconds();
        return perMessage(seconds == null ? null : (Double) (seconds * 1e6));
    }

    /** Bytes that the broker's process wrote per message, or null. */
    public @Nullable Double brokerWrittenPerMessage() {
        Long bytes = usage.brokerWrittenBytes();
        return perMessage(bytes == null ? null : (Double) bytes.doubleValue());
    }

    /** Bytes allocated by the client JVM per message, or null. */
    public @Nullable Double allocatedPerMessage() {
        return usage.client().allocatedBytesPerMessage();
    }

    private @Nullable Double perMessage(@Nullable Double amount) {
        Double handled = timing.handled();
        return amount == null || handled == null ? null : (Double) (amount / handled);
    }
}
