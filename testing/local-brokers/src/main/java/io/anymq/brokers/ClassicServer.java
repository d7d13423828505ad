package io.anymq.brokers;

import io.anymq.brokers.launch.ActiveMqServerMain;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** ActiveMQ Classic: the settings of {@link ActiveMqServerMain}. */
final class ClassicServer implements ActiveMqServer {
    static final String VERSION = "6.3.1";

    /** Parameters of the connector's URL, such as {@code connector.wireFormat.maxFrameSize}. */
    private static final String CONNECTOR = "connector.";

    @Override
    public String title() {
        return "ActiveMQ Classic";
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public List<String> coordinates() {
        return List.of(
                "org.apache.activemq:activemq-broker:" + VERSION,
                "org.apache.activemq:activemq-kahadb-store:" + VERSION,
                // Users and permissions.
                "org.apache.activemq:activemq-jaas:" + VERSION,
                "org.slf4j:slf4j-simple:2.0.18");
    }

    @Override
    public String image() {
        return "apache/activemq-classic:" + VERSION;
    }

    @Override
    public String mainClass() {
        return ActiveMqServerMain.class.getName();
    }

    @Override
    public SortedMap<String, String> settings(BrokerOptions options, Path data, int port) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("connector", "tcp://127.0.0.1:" + port);
        settings.put("data", data.toString());
        settings.put("broker.brokerName", "anymq");
        // Off by default, but every distribution's activemq.xml is advised to have it where delays are wanted.
        settings.put("broker.schedulerSupport", "true");
        // Otherwise messages returned by a dead consumer go behind those of an earlier dead one.
        settings.put("policy.strictOrderDispatch", "true");
        settings.put("broker.systemUsage.memoryUsage.limit", Long.toString(options.heapMegabytes() * 700_000L));
        settings.put("broker.systemUsage.storeUsage.limit", Long.toString(8L << 30));
        settings.put("broker.systemUsage.tempUsage.limit", Long.toString(1L << 30));
        settings.put("broker.systemUsage.jobSchedulerUsage.limit", Long.toString(1L << 30));
        settings.put(
                "kahadb.journalDiskSyncStrategy", options.durability() == Durability.POWER ? "ALWAYS" : "PERIODIC");
        settings.putAll(options.settings());
        return settings;
    }

    @Override
    public List<String> configure(Path folder, SortedMap<String, String> settings) {
        Path file = folder.resolve("activemq.properties");
        SortedMap<String, String> written = new TreeMap<>(settings);
        StringBuilder connector = new StringBuilder(settings.getOrDefault("connector", ""));
        settings.forEach((key, value) -> {
            if (key.startsWith(CONNECTOR)) {
                written.remove(key);
                connector.append(connector.indexOf("?") < 0 ? '?' : '&').append(key, CONNECTOR.length(), key.length());
                connector.append('=').append(value);
            }
        });
        written.put("connector", connector.toString());
        Folders.write(file, KafkaSettings.file(written));
        return List.of(file.toString());
    }
}
