package io.anymq.brokers;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The settings of a single RocketMQ broker and its name server: quick to start, small files, safe on one machine. */
final class RocketMqSettings {
    private static final String TLS = "tls.";

    private RocketMqSettings() {}

    /** Settings shared by process and container; the user's settings take precedence. */
    static SortedMap<String, String> common(BrokerOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("brokerClusterName", "anymq");
        settings.put("brokerName", "broker-a");
        settings.put("brokerId", "0");
        settings.put("brokerRole", "ASYNC_MASTER");
        settings.put("flushDiskType", options.durability() == Durability.POWER ? "SYNC_FLUSH" : "ASYNC_FLUSH");
        settings.put("autoCreateTopicEnable", "false");
        settings.put("autoCreateSubscriptionGroup", "false");

        // Timer messages: finer than the default of 1 s, and longer than the default of 3 days.
        settings.put("timerPrecisionMs", "100");
        settings.put("timerMaxDelaySec", "691200");
        // After the first transaction, brokers of 5.5 keep a processor busy as soon as this time has passed.
        settings.put("transactionOpBatchInterval", "86400000");

        // The defaults are files of 1 GiB and more.
        settings.put("mappedFileSizeCommitLog", "16777216");
        settings.put("mappedFileSizeConsumeQueue", "600000");
        settings.put("maxHashSlotNum", "10000");
        settings.put("maxIndexNum", "40000");
        settings.put("mappedFileSizeTimerLog", "1048576");
        settings.put("diskMaxUsedSpaceRatio", "95");
        // Otherwise a broker deletes unreceived messages as soon as 85 % of the disk are used, even by other programs.
        settings.put("cleanFileForciblyEnable", "false");

        // The shortest that a broker takes: for a name server that comes back.
        settings.put("registerNameServerPeriod", "10000");
        options.settings().forEach((name, value) -> {
            if (!name.startsWith(TLS)) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    /** The user's settings that go into the file that both servers read for TLS. */
    static SortedMap<String, String> tls(BrokerOptions options) {
        SortedMap<String, String> settings = new TreeMap<>();
        options.settings().forEach((name, value) -> {
            if (name.startsWith(TLS)) {
                settings.put(name, value);
            }
        });
        return settings;
    }

    /** The settings of a broker process that listens on 127.0.0.1. */
    static SortedMap<String, String> process(
            BrokerOptions options, Path data, String nameServer, int port, int highAvailabilityPort) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("namesrvAddr", nameServer);
        settings.put("brokerIP1", "127.0.0.1");
        settings.put("brokerIP2", "127.0.0.1");
        settings.put("bindAddress", "127.0.0.1");
        settings.put("listenPort", Integer.toString(port));
        settings.put("haListenPort", Integer.toString(highAvailabilityPort));
        settings.put("storePathRootDir", data.toString());
        settings.put("storePathCommitLog", data.resolve("commitlog").toString());
        settings.putAll(common(options));
        return settings;
    }

    /** The settings of a name server process that listens on 127.0.0.1. */
    static SortedMap<String, String> nameServer(Path data, int port) {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("bindAddress", "127.0.0.1");
        settings.put("listenPort", Integer.toString(port));
        settings.put("kvConfigPath", data.resolve("kvConfig.json").toString());
        settings.put("configStorePath", data.resolve("namesrv.properties").toString());
        return settings;
    }

    /** Both servers would log to the home folder; with this in front of their jars they log to standard output. */
    static String logback() {
        return """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder>
                      <pattern>%d{HH:mm:ss.SSS} %p %t %c{0} - %m%n</pattern>
                    </encoder>
                  </appender>
                  <root level="WARN">
                    <appender-ref ref="OUT"/>
                  </root>
                </configuration>
                """;
    }
}
