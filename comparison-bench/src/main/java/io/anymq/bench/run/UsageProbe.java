package io.anymq.bench.run;

import io.anymq.bench.measure.Markers;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.ResourceUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the broker's and the machine's figures when the child says that its measured time begins and ends. */
final class UsageProbe implements Consumer<String> {
    private final Supplier<ResourceUsage> source;
    private volatile ResourceUsage before = ResourceUsage.UNKNOWN;
    private volatile ResourceUsage after = ResourceUsage.UNKNOWN;
    private volatile OptionalDouble stolenBefore = OptionalDouble.empty();
    private volatile OptionalDouble stolenAfter = OptionalDouble.empty();

    UsageProbe(Supplier<ResourceUsage> source) {
        this.source = source;
    }

    @Override
    public void accept(String line) {
        switch (line) {
            case Markers.BEGIN -> {
                before = source.get();
                stolenBefore = StolenTime.seconds();
            }
            case Markers.END -> {
                stolenAfter = StolenTime.seconds();
                after = source.get();
            }
            default -> {
                // Whatever a library prints is none of this one's business.
            }
        }
    }

    RunResult addTo(RunResult result) {
        return withGrowth(result.toBuilder(), result)
                .brokerCpuSeconds(cpuSeconds())
                .brokerWrittenBytes(difference(before.writtenBytes(), after.writtenBytes()))
                .stolenSeconds(
                        stolenBefore.isPresent() && stolenAfter.isPresent()
                                ? (Double) (stolenAfter.getAsDouble() - stolenBefore.getAsDouble())
                                : null)
                .brokerResidentBytes(
                        after.residentBytes().isPresent()
                                ? (Long) after.residentBytes().getAsLong()
                                : null)
                .build();
    }

    /** A demonstration that is played alone tells what became of the broker's memory, too. */
    private RunResult.Builder withGrowth(RunResult.Builder builder, RunResult result) {
        Map<String, Double> findings = result.findings();
        if (findings == null
                || !result.perSecond().isEmpty()
                || before.residentBytes().isEmpty()
                || after.residentBytes().isEmpty()) {
            return builder;
        }
        Map<String, Double> more = new LinkedHashMap<>(findings);
        long grown = after.residentBytes().getAsLong() - before.residentBytes().getAsLong();
        more.put("broker's memory grew by MB", Math.max(0, Math.round(grown / 1e5) / 10.0));
        return builder.findings(more);
    }

    private @Nullable Double cpuSeconds() {
        if (before.cpu().isEmpty() || after.cpu().isEmpty()) {
            return null;
        }
        return after.cpu().get().minus(before.cpu().get()).toMillis() / 1_000.0;
    }

    private static @Nullable Long difference(OptionalLong from, OptionalLong to) {
        return from.isPresent() && to.isPresent() ? (Long) (to.getAsLong() - from.getAsLong()) : null;
    }
}
