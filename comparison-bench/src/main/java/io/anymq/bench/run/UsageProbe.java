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
                // Something that a library prints.
            }
        }
    }

    RunResult addTo(RunResult result) {
        Double cpuSeconds = before.cpu().isEmpty() || after.cpu().isEmpty()
                ? null
                : (Double) (after.cpu().get().minus(before.cpu().get()).toMillis() / 1_000.0);
        Double stolen = stolenBefore.isEmpty() || stolenAfter.isEmpty()
                ? null
                : (Double) (stolenAfter.getAsDouble() - stolenBefore.getAsDouble());
        OptionalLong resident = after.residentBytes();
        return withGrowth(result)
                .withUsage(new RunResult.Usage(
                        result.usage().client(),
                        cpuSeconds,
                        difference(before.writtenBytes(), after.writtenBytes()),
                        resident.isPresent() ? (Long) resident.getAsLong() : null,
                        stolen));
    }

    /** A demonstration that runs alone also shows how the broker's memory changed. */
    private RunResult withGrowth(RunResult result) {
        Long grown = difference(before.residentBytes(), after.residentBytes());
        Map<String, Double> findings = result.findings();
        if (findings == null || grown == null || !result.demonstrated()) {
            return result;
        }
        Map<String, Double> more = new LinkedHashMap<>(findings);
        more.put("broker's memory grew by MB", Math.max(0, Math.round(grown / 1e5) / 10.0));
        return result.withFindings(more);
    }

    private static @Nullable Long difference(OptionalLong from, OptionalLong to) {
        return from.isPresent() && to.isPresent() ? (Long) (to.getAsLong() - from.getAsLong()) : null;
    }
}
