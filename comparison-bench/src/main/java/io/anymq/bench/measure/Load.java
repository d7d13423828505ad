package io.anymq.bench.measure;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The messages to send, and their times. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Load.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = Load.Policed.class, name = "policed"),
    @JsonSubTypes.Type(value = Load.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Load.Share.class, name = "share"),
    @JsonSubTypes.Type(value = Load.Theory.class, name = "theory")
})
public sealed interface Load {
    /** As fast as it goes, with at most {@code window} messages sent and not yet both confirmed and handled. */
    record Closed(int window) implements Load {}

    /** As {@link Closed}, to see what a policy costs: with handlers that work so long, keys that differ, or poison. */
    record Policed(int window, Mix mix, long handlerMillis) implements Load {}

    /** The keys and failures of a {@link Policed} load. */
    enum Mix {
        /** Keys drawn uniformly. */
        UNIFORM,
        /** The n-th key is drawn 1/n times as often as the first. */
        ZIPF,
        /** Keys drawn uniformly; one message in a hundred fails whenever it is handled. */
        POISON
    }

    /** At a fixed rate, whatever happens to the messages. */
    record Open(double messagesPerSecond) implements Load {}

    /** As {@link Open}, at a share of the capacity measured before; it becomes one when the run is made. */
    record Share(int percentOfCapacity) implements Load {}

    /** The load of a demonstration's variant, which takes about so many seconds. */
    record Theory(String demonstration, String variant, double seconds, boolean thorough) implements Load {}
}
