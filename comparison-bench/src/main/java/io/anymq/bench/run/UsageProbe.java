package io.anymq.bench.run;

import io.anymq.bench.measure.Worker;
import io.anymq.bench.result.RunResult;
import io.anymq.brokers.ResourceUsage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the broker's and the machine's figures when the child says that its measured time begins and ends. */
final class UsageProbe {
    private record Moment(ResourceUsage broker, @Nullable Double stolen) {}

    private final Supplier<ResourceUsage> source;
    private volatile Moment before = new Moment(ResourceUsage.UNKNOWN, null);
    private volatile Moment after = before;

    UsageProbe(Supplier<ResourceUsage> source) {
        this.source = source;
    }

    /** A line of the child; all but two kinds are something that a library prints. */
    void accept(String line) {
        if (line.equals(Worker.MEASURE_FROM)) {
            before = new Moment(source.get(), StolenTime.seconds());
        } else if (line.equals(Worker.MEASURE_TO)) {
            Double stolen = StolenTime.seconds();
            after = new Moment(source.get(), stolen);
        }
    }

    RunResult addTo(RunResult result) {
        ResourceUsage from = before.broker;
        ResourceUsage to = after.broker;
        Duration cpu = from.cpu().isEmpty() || to.cpu().isEmpty()
                ? null
                : to.cpu().get().minus(from.cpu().get());
        Double stolenBefore = before.stolen;
        Double stolenAfter = after.stolen;
        return withGrowth(result, difference(from.residentBytes(), to.residentBytes()))
                .withUsage(new RunResult.Usage(
                        result.usage().client(),
                        cpu == null ? null : (Double) (cpu.toMillis() / 1_000.0),
                        difference(from.writtenBytes(), to.writtenBytes()),
                        difference(OptionalLong.of(0), to.residentBytes()),
                        stolenBefore == null || stolenAfter == null ? null : (Double) (stolenAfter - stolenBefore)));
    }

    /** What waits for a slow consumer may wait in the broker's memory. */
    private static RunResult withGrowth(RunResult result, @Nullable Long grown) {
        Map<String, Double> findings = result.findings();
        if (findings == null || grown == null || !result.scenario().equals("slow-consumer")) {
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
