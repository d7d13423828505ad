package io.anymq.brokers;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way in which a broker would be obtained, with the reasons against the others; see {@link LocalBrokers#detect}.
 *
 * @param chosen the way, or empty if there is none
 * @param url the external broker's URL; empty unless that way is chosen
 * @param reasons for each way that was looked at, in order: one sentence
 */
public record Detection(Optional<Via> chosen, Optional<String> url, List<Map.Entry<Via, String>> reasons) {

    /** Copies the list. */
    public Detection {
        reasons = List.copyOf(reasons);
    }

    /**
     * The reasons on one line, for messages.
     *
     * @return for example {@code external: no URL is set; testcontainers: no Docker engine is reachable}
     */
    public String summary() {
        return String.join(
                "; ",
                reasons.stream()
                        .map(reason -> reason.getKey() + ": " + reason.getValue())
                        .toList());
    }
}
