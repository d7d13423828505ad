package io.anymq.bench.run;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.bench.scenario.Profile;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The options of a comparison; checked.
 *
 * @param rawSettings settings of raw arms that differ from this benchmark's own, by broker and name
 */
public record CompareOptions(
        List<String> brokers,
        List<String> scenarios,
        List<String> arms,
        Durability durability,
        Profile profile,
        int pairs,
        long seed,
        Path out,
        Map<String, Map<String, String>> rawSettings) {
    /** Copies the lists. */
    public CompareOptions {
        brokers = List.copyOf(brokers);
        scenarios = List.copyOf(scenarios);
        arms = List.copyOf(arms);
        rawSettings = Map.copyOf(rawSettings);
    }

    /** What is changed in a broker's raw arm. */
    Map<String, String> rawSettings(BrokerUnderTest broker) {
        return rawSettings.getOrDefault(broker.name(), Map.of());
    }
}
