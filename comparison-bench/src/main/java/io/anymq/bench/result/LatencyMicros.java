package io.anymq.bench.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latency percentiles in microseconds, and how many messages they are made of.
 *
 * @param histogram all of them in nanoseconds, as HdrHistogram compresses it, in Base64; null where the percentiles are all
 *     that was kept
 */
public record LatencyMicros(
        double p50,
        double p90,
        double p99,
        double p999,
        double max,
        long samples,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String histogram) {
    private static final int DIGITS = 3;

    /** The percentiles alone. */
    public LatencyMicros(double p50, double p90, double p99, double p999, double max, long samples) {
        this(p50, p90, p99, p999, max, samples, null);
    }

    /** The percentiles of a histogram of nanoseconds; null if it is empty. */
    public static @Nullable LatencyMicros of(Histogram nanos) {
        return nanos.getTotalCount() == 0 ? null : of(nanos, null);
    }

    /** As {@link #of}, and keeps the histogram itself. */
    public static @Nullable LatencyMicros whole(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return null;
        }
        // No wider than its values, which keeps the encoding small.
        Histogram fitting = new Histogram(Math.max(2, nanos.getMaxValue()), DIGITS);
        fitting.add(nanos);
        ByteBuffer bytes = ByteBuffer.allocate(fitting.getNeededByteBufferCapacity());
        int length = fitting.encodeIntoCompressedByteBuffer(bytes);
        ByteBuffer encoded = Base64.getEncoder().encode(bytes.flip().limit(length));
        return of(nanos, StandardCharsets.US_ASCII.decode(encoded).toString());
    }

    private static LatencyMicros of(Histogram nanos, @Nullable String histogram) {
        return new LatencyMicros(
                micros(nanos, 50),
                micros(nanos, 90),
                micros(nanos, 99),
                micros(nanos, 99.9),
                nanos.getMaxValue() / 1_000.0,
                nanos.getTotalCount(),
                histogram);
    }

    /** The histogram of nanoseconds, if it was kept; throws {@link IllegalArgumentException} if it is invalid. */
    public Optional<Histogram> decoded() {
        if (histogram == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(histogram)), 0));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a compressed histogram: " + e.getMessage(), e);
        }
    }

    private static double micros(Histogram nanos, double percentile) {
        return Math.round(nanos.getValueAtPercentile(percentile) / 100.0) / 10.0;
    }
}
