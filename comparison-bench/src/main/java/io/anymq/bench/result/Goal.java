package io.anymq.bench.result;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A goal and what became of it.
 *
 * @param broker whom it is about
 * @param goal in words
 * @param measured in words: the figure that was judged, or why there is none
 * @param status the judgement
 */
public record Goal(String broker, String goal, String measured, Status status) {
    /** The judgement. */
    public enum Status {
        /** Even the unfavourable end of the interval meets it. */
        @JsonProperty("met")
        MET,
        /** The unfavourable end of the interval does not meet it. */
        @JsonProperty("missed")
        MISSED,
        /** Not measured, or with too few pairs to judge. */
        @JsonProperty("not measured")
        NOT_MEASURED
    }
}
