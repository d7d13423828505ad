package io.anymq.bench.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one variant of a demonstration came to.
 *
 * @param sent messages sent
 * @param confirmed of these, confirmed
 * @param handled messages that were handled, each counted once
 * @param lost confirmed, yet never handled
 * @param findings what was counted, by its name for people
 * @param timeline what happened when; may be empty
 * @param flaw what should not have happened in this variant, or null
 */
public record Outcome(
        long sent,
        long confirmed,
        long handled,
        long lost,
        Map<String, Double> findings,
        List<TimePoint> timeline,
        @Nullable String flaw) {
    /** Collects one. Not thread-safe. */
    public static final class Builder {
        private final Map<String, Double> findings = new LinkedHashMap<>();
        private List<TimePoint> timeline = List.of();
        private @Nullable String flaw;

        /** Something that was counted. */
        public Builder finding(String name, long value) {
            return finding(name, (double) value);
        }

        /** Something that was measured. */
        public Builder finding(String name, double value) {
            findings.put(name, value);
            return this;
        }

        /** What happened when. */
        public Builder timeline(List<TimePoint> points) {
            timeline = points;
            return this;
        }

        /** Notes a flaw unless {@code fine}; the first one stays. */
        public Builder require(boolean fine, String otherwise) {
            if (!fine && flaw == null) {
                flaw = otherwise;
            }
            return this;
        }

        /** The outcome; a loss is a flaw. */
        public Outcome build(long sent, long confirmed, long handled, long lost) {
            require(lost == 0, lost + " lost");
            return new Outcome(sent, confirmed, handled, lost, findings, timeline, flaw);
        }
    }
}
