package io.anymq.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run. Figures that were not measured are null, never 0.
 *
 * @param id unique within the results
 * @param broker such as {@code kafka}
 * @param arm {@code adapter} or {@code raw}
 * @param scenario such as {@code throughput}
 * @param parameters what was asked for: window, rate, payload, pair …
 * @param startedAt ISO-8601
 * @param messagesPerSecond sent, confirmed and handled within the measured time
 * @param latencyMicros from the intended send time to the start of the handler
 * @param latencyFromSendMicros from the actual send; leaves out what a late generator adds, so it is no substitute
 * @param confirmMicros from the actual send to the confirm
 * @param callerMicros how long a caller was kept, by name; only for the scenario that is about it
 * @param generatorLagMicros how late the generator itself was
 * @param sent messages handed to the arm, warm-up included
 * @param confirmed of these, confirmed
 * @param received of the confirmed ones, handled at least once
 * @param lost confirmed, yet never handled
 * @param duplicates handled once more than needed
 * @param orderBreaks handled after a later message of their key, or beside one
 * @param foreign deliveries that were never sent in this run, or whose bytes changed
 * @param sendFailures sends that were not confirmed
 * @param measuredSeconds the measured time
 * @param warmUpSeconds the time before it
 * @param steady whether the last three seconds of the warm-up agreed within 10 %; null where warm-up was fixed
 * @param perSecond handled messages in each measured second
 * @param cpuSeconds of the client JVM during the measured time, without its compiler
 * @param compilerSeconds of the client JVM's compiler during the measured time: none in a JVM that has run for long
 * @param brokerCpuSeconds of the broker's process; null for an embedded or remote one
 * @param brokerWrittenBytes written to disk by the broker's process meanwhile
 * @param stolenSeconds processor time that this machine wanted meanwhile and its host gave to others; null where nobody
 *     counts it
 * @param allocatedBytesPerMessage heap allocated in the client JVM, per message
 * @param residentBytes of the client JVM at the end
 * @param brokerResidentBytes of the broker's process at the end
 * @param findings what a demonstration of the theory counted, by its name for people; null for other scenarios
 * @param timeline how far things were when; empty where nothing happens in between
 * @param history what the history checker says; null where it could not be asked
 * @param counts whether the figures may be used
 * @param reason why not, or null
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunResult(
        String id,
        String broker,
        String arm,
        String scenario,
        Map<String, Object> parameters,
        String startedAt,
        @Nullable Double messagesPerSecond,
        @Nullable LatencyMicros latencyMicros,
        @Nullable LatencyMicros latencyFromSendMicros,
        @Nullable LatencyMicros confirmMicros,
        @Nullable Map<String, LatencyMicros> callerMicros,
        @Nullable LatencyMicros generatorLagMicros,
        long sent,
        long confirmed,
        long received,
        long lost,
        long duplicates,
        long orderBreaks,
        long foreign,
        long sendFailures,
        @Nullable Double measuredSeconds,
        @Nullable Double warmUpSeconds,
        @Nullable Boolean steady,
        List<Double> perSecond,
        @Nullable Double cpuSeconds,
        @Nullable Double compilerSeconds,
        @Nullable Double brokerCpuSeconds,
        @Nullable Long brokerWrittenBytes,
        @Nullable Double stolenSeconds,
        @Nullable Double allocatedBytesPerMessage,
        @Nullable Long residentBytes,
        @Nullable Long brokerResidentBytes,
        @Nullable Map<String, Double> findings,
        List<TimePoint> timeline,
        @Nullable HistoryCheck history,
        boolean counts,
        @Nullable String reason) {
    /** Results written by earlier versions have no timeline. */
    public RunResult {
        timeline = timeline == null ? List.of() : timeline;
    }

    /** Begins the result of a run; what is not told stays unmeasured. */
    public static Builder builder(
            String id, String broker, String arm, String scenario, Map<String, Object> parameters) {
        return new Builder(id, broker, arm, scenario, parameters);
    }

    /** Begins a copy. */
    public Builder toBuilder() {
        Builder copy = new Builder(id, broker, arm, scenario, parameters);
        copy.startedAt = startedAt;
        copy.messagesPerSecond = messagesPerSecond;
        copy.latencyMicros = latencyMicros;
        copy.latencyFromSendMicros = latencyFromSendMicros;
        copy.confirmMicros = confirmMicros;
        copy.callerMicros = callerMicros;
        copy.generatorLagMicros = generatorLagMicros;
        copy.sent = sent;
        copy.confirmed = confirmed;
        copy.received = received;
        copy.lost = lost;
        copy.duplicates = duplicates;
        copy.orderBreaks = orderBreaks;
        copy.foreign = foreign;
        copy.sendFailures = sendFailures;
        copy.measuredSeconds = measuredSeconds;
        copy.warmUpSeconds = warmUpSeconds;
        copy.steady = steady;
        copy.perSecond = perSecond;
        copy.cpuSeconds = cpuSeconds;
        copy.compilerSeconds = compilerSeconds;
        copy.brokerCpuSeconds = brokerCpuSeconds;
        copy.brokerWrittenBytes = brokerWrittenBytes;
        copy.stolenSeconds = stolenSeconds;
        copy.allocatedBytesPerMessage = allocatedBytesPerMessage;
        copy.residentBytes = residentBytes;
        copy.brokerResidentBytes = brokerResidentBytes;
        copy.findings = findings;
        copy.timeline = timeline;
        copy.history = history;
        copy.counts = counts;
        copy.reason = reason;
        return copy;
    }

    /** The same run, not counted any more. */
    public RunResult voided(String because) {
        return toBuilder().voided(because).build();
    }

    /** Whether this shows something by counting, rather than measuring how fast it is. */
    public boolean demonstrated() {
        return findings != null && perSecond.isEmpty();
    }

    /** Whether a message was lost, repeated without a cause, out of order or not ours, or a policy failed to do its work. */
    public boolean incorrect() {
        return (demonstrated() && reason != null)
                || (history != null && history.flaw() != null)
                || lost > 0
                || duplicates > 0
                || orderBreaks > 0
                || foreign > 0;
    }

    /** Client CPU per message in microseconds, or null. */
    public @Nullable Double cpuMicrosPerMessage() {
        return perMessageMicros(cpuSeconds);
    }

    /** CPU of the broker's process per message in microseconds, or null. */
    public @Nullable Double brokerCpuMicrosPerMessage() {
        return perMessageMicros(brokerCpuSeconds);
    }

    private @Nullable Double perMessageMicros(@Nullable Double seconds) {
        Double rate = messagesPerSecond;
        Double time = measuredSeconds;
        if (seconds == null || rate == null || time == null || rate * time < 1) {
            return null;
        }
        return seconds * 1_000_000 / (rate * time);
    }

    /** Puts a result together. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String broker;
        private final String arm;
        private final String scenario;
        private final Map<String, Object> parameters;
        private String startedAt = Instant.now().toString();
        private @Nullable Double messagesPerSecond;
        private @Nullable LatencyMicros latencyMicros;
        private @Nullable LatencyMicros latencyFromSendMicros;
        private @Nullable LatencyMicros confirmMicros;
        private @Nullable Map<String, LatencyMicros> callerMicros;
        private @Nullable LatencyMicros generatorLagMicros;
        private long sent;
        private long confirmed;
        private long received;
        private long lost;
        private long duplicates;
        private long orderBreaks;
        private long foreign;
        private long sendFailures;
        private @Nullable Double measuredSeconds;
        private @Nullable Double warmUpSeconds;
        private @Nullable Boolean steady;
        private List<Double> perSecond = List.of();
        private @Nullable Double cpuSeconds;
        private @Nullable Double compilerSeconds;
        private @Nullable Double brokerCpuSeconds;
        private @Nullable Long brokerWrittenBytes;
        private @Nullable Double stolenSeconds;
        private @Nullable Double allocatedBytesPerMessage;
        private @Nullable Long residentBytes;
        private @Nullable Long brokerResidentBytes;
        private @Nullable Map<String, Double> findings;
        private List<TimePoint> timeline = List.of();
        private @Nullable HistoryCheck history;
        private boolean counts = true;
        private @Nullable String reason;

        private Builder(String id, String broker, String arm, String scenario, Map<String, Object> parameters) {
            this.id = id;
            this.broker = broker;
            this.arm = arm;
            this.scenario = scenario;
            this.parameters = parameters;
        }

        /** See {@link RunResult#startedAt()}. */
        public Builder startedAt(String value) {
            startedAt = value;
            return this;
        }

        /** See {@link RunResult#messagesPerSecond()}. */
        public Builder messagesPerSecond(@Nullable Double value) {
            messagesPerSecond = value;
            return this;
        }

        /** See {@link RunResult#latencyMicros()}. */
        public Builder latencyMicros(@Nullable LatencyMicros value) {
            latencyMicros = value;
            return this;
        }

        /** See {@link RunResult#latencyFromSendMicros()}. */
        public Builder latencyFromSendMicros(@Nullable LatencyMicros value) {
            latencyFromSendMicros = value;
            return this;
        }

        /** See {@link RunResult#confirmMicros()}. */
        public Builder confirmMicros(@Nullable LatencyMicros value) {
            confirmMicros = value;
            return this;
        }

        /** See {@link RunResult#callerMicros()}. */
        public Builder callerMicros(@Nullable Map<String, LatencyMicros> value) {
            callerMicros = value;
            return this;
        }

        /** See {@link RunResult#generatorLagMicros()}. */
        public Builder generatorLagMicros(@Nullable LatencyMicros value) {
            generatorLagMicros = value;
            return this;
        }

        /** See {@link RunResult#duplicates()}. */
        public Builder duplicates(long value) {
            duplicates = value;
            return this;
        }

        /** See {@link RunResult#orderBreaks()}. */
        public Builder orderBreaks(long value) {
            orderBreaks = value;
            return this;
        }

        /** See {@link RunResult#foreign()}. */
        public Builder foreign(long value) {
            foreign = value;
            return this;
        }

        /** See {@link RunResult#sendFailures()}. */
        public Builder sendFailures(long value) {
            sendFailures = value;
            return this;
        }

        /** See {@link RunResult#measuredSeconds()}. */
        public Builder measuredSeconds(@Nullable Double value) {
            measuredSeconds = value;
            return this;
        }

        /** See {@link RunResult#warmUpSeconds()}. */
        public Builder warmUpSeconds(@Nullable Double value) {
            warmUpSeconds = value;
            return this;
        }

        /** See {@link RunResult#steady()}. */
        public Builder steady(@Nullable Boolean value) {
            steady = value;
            return this;
        }

        /** See {@link RunResult#perSecond()}. */
        public Builder perSecond(List<Double> value) {
            perSecond = value;
            return this;
        }

        /** See {@link RunResult#compilerSeconds()}. */
        public Builder compilerSeconds(@Nullable Double value) {
            compilerSeconds = value;
            return this;
        }

        /** See {@link RunResult#cpuSeconds()}. */
        public Builder cpuSeconds(@Nullable Double value) {
            cpuSeconds = value;
            return this;
        }

        /** See {@link RunResult#brokerCpuSeconds()}. */
        public Builder brokerCpuSeconds(@Nullable Double value) {
            brokerCpuSeconds = value;
            return this;
        }

        /** See {@link RunResult#brokerWrittenBytes()}. */
        public Builder brokerWrittenBytes(@Nullable Long value) {
            brokerWrittenBytes = value;
            return this;
        }

        /** See {@link RunResult#stolenSeconds()}. */
        public Builder stolenSeconds(@Nullable Double value) {
            stolenSeconds = value;
            return this;
        }

        /** See {@link RunResult#allocatedBytesPerMessage()}. */
        public Builder allocatedBytesPerMessage(@Nullable Double value) {
            allocatedBytesPerMessage = value;
            return this;
        }

        /** See {@link RunResult#residentBytes()}. */
        public Builder residentBytes(@Nullable Long value) {
            residentBytes = value;
            return this;
        }

        /** See {@link RunResult#brokerResidentBytes()}. */
        public Builder brokerResidentBytes(@Nullable Long value) {
            brokerResidentBytes = value;
            return this;
        }

        /** See {@link RunResult#findings()}. */
        public Builder findings(@Nullable Map<String, Double> value) {
            findings = value;
            return this;
        }

        /** See {@link RunResult#timeline()}. */
        public Builder timeline(List<TimePoint> value) {
            timeline = value;
            return this;
        }

        /** What the history checker says; a violation voids the run. */
        public Builder history(HistoryCheck checked) {
            history = checked;
            return voided(checked.flaw());
        }

        /** What was asked of the broker and what came of it. */
        public Builder messages(long sentMessages, long confirmedMessages, long receivedMessages, long lostMessages) {
            sent = sentMessages;
            confirmed = confirmedMessages;
            received = receivedMessages;
            lost = lostMessages;
            return this;
        }

        /** The figures do not count, and why; the first reason stays. Null changes nothing. */
        public Builder voided(@Nullable String because) {
            if (because != null && reason == null) {
                reason = because;
                counts = false;
            }
            return this;
        }

        /** What a demonstration came to; lost messages, and what its policy failed to prevent, are flaws. */
        public Builder outcome(Outcome outcome) {
            sendFailures = outcome.sent() - outcome.confirmed();
            findings = outcome.findings();
            timeline = outcome.timeline();
            return messages(outcome.sent(), outcome.confirmed(), outcome.handled(), outcome.lost())
                    .voided(outcome.flaw());
        }

        /** The result. */
        public RunResult build() {
            return new RunResult(
                    id,
                    broker,
                    arm,
                    scenario,
                    parameters,
                    startedAt,
                    messagesPerSecond,
                    latencyMicros,
                    latencyFromSendMicros,
                    confirmMicros,
                    callerMicros,
                    generatorLagMicros,
                    sent,
                    confirmed,
                    received,
                    lost,
                    duplicates,
                    orderBreaks,
                    foreign,
                    sendFailures,
                    measuredSeconds,
                    warmUpSeconds,
                    steady,
                    perSecond,
                    cpuSeconds,
                    compilerSeconds,
                    brokerCpuSeconds,
                    brokerWrittenBytes,
                    stolenSeconds,
                    allocatedBytesPerMessage,
                    residentBytes,
                    brokerResidentBytes,
                    findings,
                    timeline,
                    history,
                    counts,
                    reason);
        }
    }
}
