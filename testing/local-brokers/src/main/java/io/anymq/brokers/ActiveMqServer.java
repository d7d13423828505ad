package io.anymq.brokers;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The differences between starting ActiveMQ Classic and Artemis; both speak OpenWire afterwards. */
interface ActiveMqServer {
    /** For people. */
    String title();

    String version();

    /** Maven coordinates of the server. */
    List<String> coordinates();

    /** The container image, at the same version. */
    String image();

    String mainClass();

    /** The settings of a broker that listens on 127.0.0.1; the user's own win. */
    SortedMap<String, String> settings(BrokerOptions options, Path data, int port);

    /** Writes the configuration into {@code folder}; the answer are the main class's arguments. */
    List<String> configure(Path folder, SortedMap<String, String> settings);
}
