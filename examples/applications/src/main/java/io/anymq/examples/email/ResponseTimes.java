package io.anymq.examples.email;

import java.util.Arrays;
import java.util.Locale;

/** The response times of callers. */
final class ResponseTimes {
    private final long[] sortedNanos;

    ResponseTimes(long[] nanos) {
        sortedNanos = nanos.clone();
        Arrays.sort(sortedNanos);
    }

    /** The time within which this share of the calls had ended. */
    long percentile(double percent) {
        int rank = (int) Math.ceil(sortedNanos.length * percent / 100);
        return sortedNanos[Math.max(rank, 1) - 1];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d sign-ups answered: p50 %.2f ms, p99 %.2f ms",
                sortedNanos.length,
                percentile(50) / 1e6,
                percentile(99) / 1e6);
    }
}
