package io.anymq.bench.measure;

import io.anymq.bench.stats.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens before the measurement: at least {@code minMillis}, then until the JVM's compiler has become quiet, at most
 * {@code maxMillis}. Fixed where both are the same.
 */
public record WarmUp(long minMillis, long maxMillis) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Of a processor. */
    private static final double QUIET = 0.05;
    /** After these it is the broker that does not agree with itself, and more of the same would not change that. */
    private static final int QUIET_SECONDS = 3;

    private static final double AGREEMENT = 1.10;

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

    /**
     * Waits while a load runs, until the JVM's compiler has little left to do. Null where the length is given; else whether it
     * ended because nothing changed any more.
     */
    @Nullable
    Boolean play(Ledger ledger, ClientUsage usage) throws IOException {
        if (fixed()) {
            Pace.pause(Duration.ofMillis(minMillis));
            return null;
        }
        long start = System.nanoTime();
        long least = start + TimeUnit.MILLISECONDS.toNanos(minMillis);
        long most = start + TimeUnit.MILLISECONDS.toNanos(maxMillis);
        Deque<Long> lastThree = new ArrayDeque<>();
        int quiet = 0;
        while (true) {
            long handled = ledger.handledSoFar();
            long compiled = usage.compilerNanos();
            long end = System.nanoTime() + SECOND;
            Pace.until(end);
            lastThree.addLast(ledger.handledSoFar() - handled);
            if (lastThree.size() > 3) {
                lastThree.removeFirst();
            }
            quiet = usage.compilerNanos() - compiled > QUIET * SECOND ? 0 : quiet + 1;
            long low = Collections.min(lastThree);
            boolean agree = lastThree.size() == 3 && low > 0 && Collections.max(lastThree) <= low * AGREEMENT;
            if (end >= most || (end >= least && (quiet >= QUIET_SECONDS || (quiet > 0 && agree)))) {
                return quiet > 0 && agree;
            }
        }
    }
}
