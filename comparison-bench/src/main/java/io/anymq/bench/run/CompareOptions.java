package io.anymq.bench.run;

import io.anymq.bench.scenario.Profile;
import io.anymq.brokers.Durability;
import java.nio.file.Path;
import java.util.List;

/** What was asked for; checked. */
public record CompareOptions(
        List<String> brokers,
        List<String> scenarios,
        List<String> arms,
        Durability durability,
        Profile profile,
        int pairs,
        long seed,
        Path out) {
    /** Copies the lists. */
    public CompareOptions {
        brokers = List.copyOf(brokers);
        scenarios = List.copyOf(scenarios);
        arms = List.copyOf(arms);
    }
}
