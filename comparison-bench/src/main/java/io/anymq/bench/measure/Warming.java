package io.anymq.bench.measure;

import io.anymq.bench.stats.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time before a measurement: a load runs until the JVM's compiler has little left to do. */
record Warming(WarmUp bounds, Ledger ledger, ClientUsage usage) {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Of a processor. */
    private static final double QUIET = 0.05;
    /** After these it is the broker that does not agree with itself, and more of the same would not change that. */
    private static final int QUIET_SECONDS = 3;

    private static final double AGREEMENT = 1.10;

    /** Null where the length is given; else whether it ended because nothing changed any more. */
    @Nullable
    Boolean play() throws IOException {
        if (bounds.fixed()) {
            Pace.pause(Duration.ofMillis(bounds.minMillis()));
            return null;
        }
        long start = System.nanoTime();
        long least = start + TimeUnit.MILLISECONDS.toNanos(bounds.minMillis());
        long most = start + TimeUnit.MILLISECONDS.toNanos(bounds.maxMillis());
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
