package io.anymq.bench.report;

import io.anymq.bench.result.LatencyMicros;
import io.anymq.bench.result.Results;
import io.anymq.bench.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One line per run, as RFC 4180 wants it. Stateless. */
public final class RunsCsv {
    private static final String HEAD =
            "id,broker,arm,scenario,parameters,startedAt,messagesPerSecond,p50Micros,p90Micros,"
                    + "p99Micros,p999Micros,maxMicros,sent,confirmed,received,lost,duplicates,orderBreaks,foreign,sendFailures,"
                    + "measuredSeconds,cpuSeconds,compilerSeconds,brokerCpuSeconds,brokerWrittenBytes,stolenSeconds,"
                    + "allocatedBytesPerMessage,residentBytes,brokerResidentBytes,counts,reason";

    private RunsCsv() {}

    /** The whole file. */
    public static String render(Results results) {
        StringBuilder out = new StringBuilder(HEAD).append("\r\n");
        for (RunResult run : results.runs()) {
            out.append(cells(run).stream().map(Csv::cell).collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return out.toString();
    }

    private static List<@Nullable Object> cells(RunResult run) {
        LatencyMicros latency = run.latencyMicros();
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(run.id());
        cells.add(run.broker());
        cells.add(run.arm());
        cells.add(run.scenario());
        cells.add(run.parameters().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(";")));
        cells.add(run.startedAt());
        cells.add(run.messagesPerSecond());
        cells.add(latency == null ? null : latency.p50());
        cells.add(latency == null ? null : latency.p90());
        cells.add(latency == null ? null : latency.p99());
        cells.add(latency == null ? null : latency.p999());
        cells.add(latency == null ? null : latency.max());
        cells.add(run.sent());
        cells.add(run.confirmed());
        cells.add(run.received());
        cells.add(run.lost());
        cells.add(run.duplicates());
        cells.add(run.orderBreaks());
        cells.add(run.foreign());
        cells.add(run.sendFailures());
        cells.add(run.measuredSeconds());
        cells.add(run.cpuSeconds());
        cells.add(run.compilerSeconds());
        cells.add(run.brokerCpuSeconds());
        cells.add(run.brokerWrittenBytes());
        cells.add(run.stolenSeconds());
        cells.add(run.allocatedBytesPerMessage());
        cells.add(run.residentBytes());
        cells.add(run.brokerResidentBytes());
        cells.add(run.counts());
        cells.add(run.reason());
        return cells;
    }
}
