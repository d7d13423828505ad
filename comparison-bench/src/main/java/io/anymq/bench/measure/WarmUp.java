package io.anymq.bench.measure;

/**
 * What happens before the measurement: at least {@code minMillis}, then until three seconds in a row agree within 10 %,
 * at most {@code maxMillis}. Fixed where both are the same.
 */
public record WarmUp(long minMillis, long maxMillis) {
    /** Whether its length is not measured but given. */
    public boolean fixed() {
        return minMillis == maxMillis;
    }
}
