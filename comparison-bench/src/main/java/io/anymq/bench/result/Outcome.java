package io.anymq.bench.result;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one variant of a demonstration.
 *
 * @param sent messages sent
 * @param confirmed of these, confirmed
 * @param handled messages handled, each counted once
 * @param lost confirmed but never handled
 * @param findings what was counted, by its name in texts
 * @param timeline progress over time; may be empty
 * @param flaw what must not happen in this variant and did, or null
 */
public record Outcome(
        long sent,
        long confirmed,
        long handled,
        long lost,
        Map<String, Double> findings,
        List<TimePoint> timeline,
        @Nullable String flaw) {}
