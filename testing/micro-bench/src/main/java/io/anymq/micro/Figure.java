package io.anymq.micro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** The measurements of one item's JVMs so far. Used by one thread. */
final class Figure {
    /** JMH's profiler of the garbage collector names it so. */
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Item item;
    private final List<BenchmarkResult> forks = new ArrayList<>();
    private @Nullable RunResult merged;
    private @Nullable String flaw;

    Figure(Item item) {
        this.item = item;
    }

    Item item() {
        return item;
    }

    void add(Collection<RunResult> results) {
        for (RunResult result : results) {
            forks.addAll(result.getBenchmarkResults());
            merged = new RunResult(result.getParams(), forks);
        }
    }

    /** One flaw voids all that was measured of it. */
    void fail(String why) {
        flaw = why;
    }

    /** Why the figure is void; null while it is not. */
    @Nullable
    String flaw() {
        return flaw;
    }

    /** All forks as one result of JMH; null when there is none that counts. */
    @Nullable
    RunResult result() {
        return flaw == null ? merged : null;
    }

    /** Operations a second with JMH's 99.9 % interval; null when there is nothing that counts. */
    @Nullable
    Estimate throughput() {
        RunResult result = result();
        if (result == null) {
            return null;
        }
        Result<?> primary = result.getPrimaryResult();
        double[] ends = primary.getScoreConfidence();
        return new Estimate(primary.getScore(), Math.max(0, ends[0]), ends[1]);
    }

    /** Bytes allocated for each operation by all threads; NaN when unknown. */
    double allocatedBytes() {
        RunResult result = result();
        Result<?> allocated =
                result == null ? null : result.getSecondaryResults().get(ALLOCATED);
        return allocated == null ? Double.NaN : allocated.getScore();
    }
}
