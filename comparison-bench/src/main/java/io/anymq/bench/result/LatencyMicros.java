package io.anymq.bench.result;

import org.HdrHistogram.Histogram;

/** Latency percentiles in microseconds, and how many messages they are made of. */
public record LatencyMicros(double p50, double p90, double p99, double p999, double max, long samples) {
    /** From a histogram of nanoseconds; it must not be empty. */
    public static LatencyMicros of(Histogram nanos) {
        return new LatencyMicros(
                micros(nanos, 50),
                micros(nanos, 90),
                micros(nanos, 99),
                micros(nanos, 99.9),
                nanos.getMaxValue() / 1_000.0,
                nanos.getTotalCount());
    }

    private static double micros(Histogram nanos, double percentile) {
        return Math.round(nanos.getValueAtPercentile(percentile) / 100.0) / 10.0;
    }
}
