package io.anymq.brokers;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Describes a broker and how it was obtained, for reports.
 *
 * @param kind the kind of broker
 * @param via the way it was obtained
 * @param version the server's version; empty if it is unknown
 * @param launch one line on how it runs: the image, the JVM and its flags, or the given URL
 * @param settings the settings it was given; empty for an external broker
 */
public record BrokerDescription(
        BrokerKind kind, Via via, Optional<String> version, String launch, SortedMap<String, String> settings) {

    /** Copies the settings. */
    public BrokerDescription {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) settings));
    }
}
