package io.anymq.internal.receive.redelivery;

import io.anymq.DeadLetter;
import io.anymq.DeadLetterInfo;
import io.anymq.DeadLetterReason;
import io.anymq.DeadLetterSummary;
import io.anymq.Source;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts letters, in a bounded number of groups. Used by one thread. */
final class LetterSummary {
    private static final int MOST_GROUPS = 1_000;

    private final Map<DeadLetterReason, Long> byReason = new HashMap<>();
    private final Map<Source, Long> bySource = new HashMap<>();
    private final Map<String, Long> byFingerprint = new HashMap<>();
    private long count;
    private long foreign;
    private long ungrouped;
    private @Nullable Instant oldest;
    private @Nullable Instant newest;

    private record Result(
            long count,
            Optional<Instant> oldest,
            Optional<Instant> newest,
            long foreign,
            Map<DeadLetterReason, Long> byReason,
            Map<Source, Long> bySource,
            Map<String, Long> byFingerprint,
            long ungrouped)
            implements DeadLetterSummary {}

    void add(DeadLetter letter) {
        count++;
        Optional<DeadLetterInfo> read = letter.info();
        if (read.isEmpty()) {
            foreign++;
            return;
        }
        DeadLetterInfo info = read.get();
        Instant at = info.lastAttemptAt();
        oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
        newest = newest == null || at.isAfter(newest) ? at : newest;
        boolean grouped = count(byReason, info.reason());
        grouped &= count(bySource, info.source());
        grouped &= count(byFingerprint, info.fingerprint());
        if (!grouped) {
            ungrouped++;
        }
    }

    private static <K> boolean count(Map<K, Long> groups, K group) {
        if (groups.size() == MOST_GROUPS && !groups.containsKey(group)) {
            return false;
        }
        groups.merge(group, 1L, Long::sum);
        return true;
    }

    DeadLetterSummary result() {
        return new Result(
                count,
                Optional.ofNullable(oldest),
                Optional.ofNullable(newest),
                foreign,
                largestFirst(byReason),
                largestFirst(bySource),
                largestFirst(byFingerprint),
                ungrouped);
    }

    private static <K> Map<K, Long> largestFirst(Map<K, Long> groups) {
        Map<K, Long> sorted = new LinkedHashMap<>();
        groups.entrySet().stream()
                .sorted(Map.Entry.<K, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(group -> group.getKey().toString()))
                .forEach(group -> sorted.put(group.getKey(), group.getValue()));
        return Collections.unmodifiableMap(sorted);
    }
}
