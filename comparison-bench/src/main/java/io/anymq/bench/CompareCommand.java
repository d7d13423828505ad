package io.anymq.bench;

import io.anymq.bench.result.Comparison;
import io.anymq.bench.run.ExitCode;
import io.anymq.bench.stats.Interval;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets the ratios of two comparisons side by side. Absolute figures of two occasions are not comparable. */
@Command(
        name = "compare",
        description = "Sets the adapter/raw ratios of two comparisons side by side; absolute figures are left out,"
                + " since they depend on the day.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "<A>", description = "A folder with results.json, or such a file.")
    private @Nullable Path first;

    @Parameters(index = "1", paramLabel = "<B>", description = "Another one.")
    private @Nullable Path second;

    @Override
    public Integer call() throws Exception {
        if (first == null || second == null) {
            throw new IllegalArgumentException("compare needs two folders with results.json");
        }
        Map<String, Comparison> before = byName(first);
        Map<String, Comparison> after = byName(second);
        System.out.printf(Locale.ROOT, "%-46s %-24s %-24s %s%n", "ratio adapter/raw", "A", "B", "intervals");
        before.forEach((name, a) -> {
            Comparison b = after.get(name);
            if (b != null) {
                System.out.printf(Locale.ROOT, "%-46s %-24s %-24s %s%n", name, text(a), text(b), relation(a, b));
            }
        });
        return ExitCode.OK;
    }

    private static Map<String, Comparison> byName(Path folder) throws Exception {
        Map<String, Comparison> byName = new LinkedHashMap<>();
        for (Comparison comparison : ReportCommand.read(folder).comparisons()) {
            byName.put(comparison.broker() + " " + comparison.metric() + " " + comparison.parameters(), comparison);
        }
        return byName;
    }

    private static String text(Comparison comparison) {
        Interval ratio = comparison.ratio();
        return ratio == null
                ? "not measured"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f-%.2f, %d)",
                        ratio.median(),
                        ratio.low(),
                        ratio.high(),
                        comparison.pairs());
    }

    private static String relation(Comparison a, Comparison b) {
        Interval before = a.ratio();
        Interval after = b.ratio();
        if (before == null || after == null) {
            return "";
        }
        boolean apart = before.high() < after.low() || after.high() < before.low();
        return apart ? "apart: changed" : "overlap: no change shown";
    }
}
