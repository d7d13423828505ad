package io.anymq.bench.measure;

/**
 * What happens before the measurement: at least {@code minMillis}, then until the JVM's compiler has become quiet, at most
 * {@code maxMillis}. Fixed where both are the same.
 */
public record WarmUp(long minMillis, long maxMillis) {
    private static final long LEAST_AGAIN_MILLIS = 300;

    /** Whether its length is not measured but given. */
    public boolean fixed() {
        return minMillis == maxMillis;
    }

    /** For another run in the same JVM: only the pipes must be filled again. */
    public WarmUp again() {
        long millis = Math.min(minMillis, Math.max(LEAST_AGAIN_MILLIS, minMillis / 15));
        return new WarmUp(millis, millis);
    }

    /** For the second half, at the pace of latencies: where messages are few the compiler's work is, too. */
    public WarmUp paced() {
        return new WarmUp(minMillis / 3, maxMillis / 3);
    }

    /** For another arm in a JVM that is warm: connections and the code of a policy are new to it. */
    public WarmUp forAnotherArm() {
        return fixed() ? this : new WarmUp(minMillis / 3, minMillis / 3);
    }
}
