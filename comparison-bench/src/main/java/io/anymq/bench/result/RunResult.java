package io.anymq.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param cpuSeconds of the client JVM during the measured time
 * @param brokerCpuSeconds of the broker's process; null for an embedded or remote one
 * @param brokerWrittenBytes written to disk by the broker's process meanwhile
 * @param allocatedBytesPerMessage heap allocated in the client JVM, per message
 * @param residentBytes of the client JVM at the end
 * @param brokerResidentBytes of the broker's process at the end
 * @param findings what a demonstration of the theory counted, by its name for people; null for other scenarios
 * @param timeline how far things were when; empty where nothing happens in between
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
        @Nullable Double brokerCpuSeconds,
        @Nullable Long brokerWrittenBytes,
        @Nullable Double allocatedBytesPerMessage,
        @Nullable Long residentBytes,
        @Nullable Long brokerResidentBytes,
        @Nullable Map<String, Double> findings,
        List<TimePoint> timeline,
        boolean counts,
        @Nullable String reason) {
    /** Results written by earlier versions have no timeline. */
    public RunResult {
        timeline = timeline == null ? List.of() : timeline;
    }

    /** A run without figures: it failed before there were any. */
    public static RunResult failed(
            String id,
            String broker,
            String arm,
            String scenario,
            Map<String, Object> parameters,
            String startedAt,
            String reason) {
        return new RunResult(
                id,
                broker,
                arm,
                scenario,
                parameters,
                startedAt,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                false,
                reason);
    }

    /** A demonstration. What it provoked is in its findings; lost messages, and what its policy failed to prevent, are flaws. */
    public static RunResult demonstrated(
            String id,
            String broker,
            String arm,
            String scenario,
            Map<String, Object> parameters,
            String startedAt,
            double seconds,
            Outcome outcome) {
        return new RunResult(
                id,
                broker,
                arm,
                scenario,
                parameters,
                startedAt,
                null,
                null,
                null,
                null,
                null,
                null,
                outcome.sent(),
                outcome.confirmed(),
                outcome.handled(),
                outcome.lost(),
                0,
                0,
                0,
                outcome.sent() - outcome.confirmed(),
                seconds,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                outcome.findings(),
                outcome.timeline(),
                outcome.flaw() == null,
                outcome.flaw());
    }

    /** The same run, not counted any more. */
    public RunResult voided(String because) {
        return copy(brokerCpuSeconds, brokerWrittenBytes, brokerResidentBytes, false, because);
    }

    /** The same run with what the broker's process used. */
    public RunResult withBrokerUsage(
            @Nullable Double cpuSeconds, @Nullable Long writtenBytes, @Nullable Long residentBytes) {
        return copy(cpuSeconds, writtenBytes, residentBytes, counts, reason);
    }

    /** Whether a message was lost, repeated without a cause, out of order or not ours, or a policy failed to do its work. */
    public boolean incorrect() {
        return (findings != null && reason != null) || lost > 0 || duplicates > 0 || orderBreaks > 0 || foreign > 0;
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

    private RunResult copy(
            @Nullable Double newBrokerCpuSeconds,
            @Nullable Long newBrokerWrittenBytes,
            @Nullable Long newBrokerResidentBytes,
            boolean newCounts,
            @Nullable String newReason) {
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
                newBrokerCpuSeconds,
                newBrokerWrittenBytes,
                allocatedBytesPerMessage,
                residentBytes,
                newBrokerResidentBytes,
                findings,
                timeline,
                newCounts,
                newReason);
    }
}
