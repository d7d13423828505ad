package io.anymq.bench.measure;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What is sent, and when. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Load.Closed.class, name = "closed"),
    @JsonSubTypes.Type(value = Load.Open.class, name = "open"),
    @JsonSubTypes.Type(value = Load.SlowDownstream.class, name = "slow-downstream"),
    @JsonSubTypes.Type(value = Load.Theory.class, name = "theory")
})
public sealed interface Load {
    /** As fast as it goes, with at most {@code window} messages sent and not yet both confirmed and handled. */
    record Closed(int window) implements Load {}

    /** At a fixed rate, whatever becomes of the messages. */
    record Open(double messagesPerSecond) implements Load {}

    /** {@code calls} times: once calling a service that takes {@code millis}, once publishing to a handler that does. */
    record SlowDownstream(int calls, long millis) implements Load {}

    /** What a demonstration's variant sends, which takes about so many seconds. */
    record Theory(String demonstration, String variant, double seconds) implements Load {}
}
