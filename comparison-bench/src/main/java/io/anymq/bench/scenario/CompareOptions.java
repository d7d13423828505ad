package io.anymq.bench.scenario;

import io.anymq.bench.broker.BrokerUnderTest;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The options of a comparison; checked.
 *
 * @param pairs pairs of the overhead scenario and of the latency that goals are about
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
    /** What is changed in a broker's raw arm. */
    public Map<String, String> rawSettings(BrokerUnderTest broker) {
        return rawSettings.getOrDefault(broker.name(), Map.of());
    }

    /** Whether adapter and raw can be compared. */
    boolean bothArms() {
        return arms.contains(BrokerUnderTest.ADAPTER) && arms.contains(BrokerUnderTest.RAW);
    }
}
