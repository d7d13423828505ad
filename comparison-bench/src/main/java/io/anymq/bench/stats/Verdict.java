package io.anymq.bench.stats;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The verdict of a comparison of two arms. */
public enum Verdict {
    /** The whole interval speaks for the first arm. */
    @JsonProperty("faster")
    FASTER,
    /** The whole interval speaks against the first arm. */
    @JsonProperty("slower")
    SLOWER,
    /** There were enough pairs, and their interval holds 1. */
    @JsonProperty("indistinguishable")
    INDISTINGUISHABLE,
    /** There were too few pairs to say anything. */
    @JsonProperty("insufficient")
    INSUFFICIENT;

    /** The opposite, for a figure of which less is better. */
    public Verdict opposite() {
        return switch (this) {
            case FASTER -> SLOWER;
            case SLOWER -> FASTER;
            case INDISTINGUISHABLE, INSUFFICIENT -> this;
        };
    }
}
